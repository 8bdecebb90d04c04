import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { lock } from '../../lib/db/lock'
import { KinmarkError } from '../../lib/error'
import { formatUsdc } from '../../lib/format/amounts'
import { spentOf } from '../../lib/gateway/books'
import {
  type CustomerKey,
  hashOfKey,
  idOfKey,
  type KeyStore,
  newCustomerKey,
  purseOfKey,
} from '../../lib/gateway/keys/customer-key'
import { keyFile } from '../../lib/gateway/keys/key-file'
import { openKeyTable } from '../../lib/gateway/shared/key-table'
import { isShared } from '../../lib/gateway/shared/move-in'
import { copyOf } from './chain-folder'
import { databaseOf } from './gateway-shared'
import { type CommandResult, integerOf, usdcOf, type Values } from './options'
import { table } from './table'

export const keysIn = (folder: string): KeyStore => keyFile(join(folder, 'keys.json'))

const unitSeconds = { m: 60, h: 3600, d: 86_400 } as const
const now = () => Math.floor(Date.now() / 1000)

/** Makes a key for one of the host’s own customers. It is shown once. */
export async function createKey(values: Values): Promise<CommandResult> {
  const text = newCustomerKey()
  const key: CustomerKey = {
    ...{ hash: hashOfKey(text), name: values.name ?? '', createdAt: now(), revokedAt: null },
    ...{ budget: usdcOf(values, 'budget') ?? null, expiresAt: expiryOf(values) },
    perMinute: integerOf(values, 'per-minute', { least: 1, most: 1_000_000 }) ?? null,
  }
  await withKeys(values, ({ keys }) => keys.add(key))
  const shown = table([...rowsOf(key), ['key', text]])
  return {
    text: `${shown}\nThe key is shown this once: only its hash is stored.`,
    json: { ...jsonOf(key), key: text },
    yes: true,
  }
}

export async function listKeys(values: Values): Promise<CommandResult> {
  const [keys, spent] = await withKeys(values, async ({ keys, spent }) => [await keys.list(), await spent()] as const)
  const all = keys.map((key) => ({ key, spent: (spent.get(purseOfKey(key)) ?? 0n) / 1_000_000n }))
  const text = all.map(({ key, spent }) => table([...rowsOf(key), ['spent', `${formatUsdc(spent)} USDC`]])).join('\n\n')
  const json = all.map(({ key, spent }) => ({ ...jsonOf(key), spent: `${spent}` }))
  return { text: text || 'There are no keys.', json, yes: true }
}

/** Calls that run go on; later ones are refused within a second. */
export async function revokeKey(id: string, values: Values): Promise<CommandResult> {
  const key = await withKeys(values, ({ keys }) => keys.revoke(id, now()))
  if (!key) throw new KinmarkError('gateway.key-not-found', { id })
  return { text: table(rowsOf(key)), json: jsonOf(key), yes: true }
}

type Keys = {
  keys: KeyStore
  /** USDC of 12 decimals by the owners of purses. */
  spent(): Promise<Map<Hex, bigint>>
}

/** The keys of the copy: in the database that its gateways share, or in the folder of its one gateway. */
async function withKeys<T>(values: Values, use: (keys: Keys) => Promise<T>): Promise<T> {
  const { folder, copyId, deployment } = await copyOf(values)
  const url = databaseOf(values)
  if (url) {
    const about = { chainId: deployment.chainId, copyId, usageLedger: deployment.contracts.usageLedger }
    const shared = await openKeyTable(url, about)
    return use(shared).finally(shared.close)
  }
  if (isShared(await readdir(folder).catch(() => []))) throw new KinmarkError('gateway.books-shared', { folder })
  return use({ keys: lockedKeys(folder), spent: () => spentOf(join(folder, 'receipts')) })
}

/** Keys that one process at a time changes. */
function lockedKeys(folder: string): KeyStore {
  const keys = keysIn(folder)
  const locked = async <T>(change: () => Promise<T>): Promise<T> => {
    const unlock = lock(join(folder, 'keys.lock'), join(folder, 'keys.json'))
    return change().finally(unlock)
  }
  return { ...keys, add: (key) => locked(() => keys.add(key)), revoke: (id, at) => locked(() => keys.revoke(id, at)) }
}

/** `30d`, `12h`, `90m`, or a date. */
function expiryOf({ expires }: Values): number | null {
  if (expires === undefined) return null
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(expires) ?? []
  const at = count ? now() + Number(count) * unitSeconds[unit as keyof typeof unitSeconds] : Date.parse(expires) / 1000
  if (!(at > now()))
    throw new KinmarkError('gateway.option-invalid', {
      ...{
        option: 'expires',
        value: expires,
        expected: 'a time such as 30d, 12h or 2030-01-31, and not one that is over',
      },
    })
  return Math.floor(at)
}

const dateOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')

function rowsOf(key: CustomerKey): [string, string][] {
  const { name, budget, expiresAt, perMinute, revokedAt } = key
  return [
    ['id', idOfKey(key)],
    ...(name ? ([['name', name]] as [string, string][]) : []),
    ['budget', budget === null ? 'no limit' : `${formatUsdc(budget)} USDC`],
    ['calls a minute', perMinute === null ? 'no limit' : `${perMinute}`],
    ['expires', expiresAt === null ? 'never' : dateOf(expiresAt)],
    ...(revokedAt === null ? [] : ([['revoked', dateOf(revokedAt)]] as [string, string][])),
  ]
}

function jsonOf(key: CustomerKey) {
  const { hash: _, budget, ...rest } = key
  return { id: idOfKey(key), ...rest, budget: budget === null ? null : `${budget}` }
}

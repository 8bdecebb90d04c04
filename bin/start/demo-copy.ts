import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesToHex, type Hex } from 'viem'
import { copyCall } from '../../lib/chain/copy'
import { testUsdAbi } from '../../lib/chain/generated'
import { orderCall } from '../../lib/chain/order'
import { type SignedQuote, signedQuoteSchema } from '../../lib/chain/quote'
import { kinmarkClient } from '../../lib/client/client'
import { KinmarkError } from '../../lib/error'
import type { DemoWallet } from './demo-wallet'
import type { Session } from './sign-in'

const pollMs = 1000

type Buyer = DemoWallet & { session: Session; site: string; folder: string }

/** What this program needs of a copy, as its page reads it. */
type CopyJson = { state: string; files: { path: string; sha256: string }[] }

/**
 * The copy of a model that the account has: ordered, accepted and its files in `folder`. Goes on where an earlier start
 * stopped. Waits for the minter, which makes the model’s key pool first.
 */
export async function demoCopy(buyer: Buyer, model: bigint, signal: AbortSignal): Promise<bigint> {
  const { session, deployment, send } = buyer
  const id = (await ownedCopy(buyer, model)) ?? (await orderCopy(buyer, model, signal))
  const read = async (): Promise<CopyJson> => (await session.get(`/api/copies/${id}`)).json()
  const copy = await until(read, ({ state }) => state !== 'ordered', signal)
  if (copy.state !== 'delivered' && copy.state !== 'active')
    throw new KinmarkError('start.demo-copy-ended', { copyId: `${id}`, state: copy.state })
  for (const { path, sha256 } of copy.files) await fetchFile(buyer, id, { path, sha256 })
  if (copy.state === 'delivered') await send(copyCall(deployment.contracts.copyRegistry, 'accept', id))
  return id
}

async function ownedCopy({ site, account }: Buyer, model: bigint): Promise<bigint | null> {
  const { items } = await kinmarkClient(site).get('listAccountCopies', { account: account.address })
  const usable = ['ordered', 'delivered', 'active']
  const found = items.find((copy) => copy.model === `${model}` && usable.includes(copy.state) && !copy.lost)
  return found ? BigInt(found.id) : null
}

async function orderCopy(buyer: Buyer, model: bigint, signal: AbortSignal): Promise<bigint> {
  const { account, deployment, client, send, session } = buyer
  const { usd, copyRegistry } = deployment.contracts
  const asked = await session.post('/api/quotes', { model: `${model}`, seed: storedSeed(buyer) })
  const request = (await asked.json()) as { id: string }
  const { quote } = await until(
    async (): Promise<{ quote: SignedQuote | null }> => {
      const { signed } = (await (await session.get(`/api/quotes/${request.id}`)).json()) as { signed: unknown }
      return { quote: signed === null ? null : signedQuoteSchema.parse(signed) }
    },
    ({ quote }) => quote !== null,
    signal,
  )
  const signed = quote as SignedQuote
  const { price, collateral } = await kinmarkClient(buyer.site).get('getModel', { id: `${model}` })
  const total = BigInt(price) + BigInt(collateral) + BigInt(signed.quote.fee)
  const erc20 = { address: usd, abi: testUsdAbi } as const
  const has = await client.readContract({ ...erc20, functionName: 'balanceOf', args: [account.address] })
  if (has < total) await send({ ...erc20, functionName: 'faucet', args: [account.address, total - has] })
  await send({ ...erc20, functionName: 'approve', args: [copyRegistry, total] })
  await send(orderCall(copyRegistry, signed))
  const id = await until(
    () => ownedCopy(buyer, model),
    (copy) => copy !== null,
    signal,
  )
  rmSync(join(buyer.folder, 'seed')) // the next order needs another
  return id as bigint
}

/** The seed is kept before the order, so that a start that was interrupted goes on with it. */
function storedSeed({ folder }: Buyer): Hex {
  const file = join(folder, 'seed')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(file)) writeFileSync(file, bytesToHex(randomBytes(32)), { mode: 0o600 })
  return readFileSync(file, 'utf8') as Hex
}

async function fetchFile({ session, folder }: Buyer, id: bigint, file: CopyJson['files'][number]): Promise<void> {
  const target = join(copyFolder(folder, id), file.path)
  if (existsSync(target)) return
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  const bytes = Buffer.from(await (await session.get(`/api/copies/${id}/files/${path}`)).arrayBuffer())
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== file.sha256)
    throw new KinmarkError('download.hash-mismatch', { path: file.path, sha256, expected: file.sha256 })
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(`${target}.new`, bytes)
  renameSync(`${target}.new`, target)
}

export const copyFolder = (folder: string, id: bigint): string => join(folder, `copy-${id}`)

/** Reads until it is done. An app that does not answer for a while is asked again. */
async function until<T>(read: () => Promise<T>, done: (value: T) => boolean, signal: AbortSignal): Promise<T> {
  for (;;) {
    const value = await read().catch((error) => {
      if (error instanceof KinmarkError) throw error
      return null
    })
    if (value !== null && done(value)) return value
    await wait(pollMs, undefined, { signal })
  }
}

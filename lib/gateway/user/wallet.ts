import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, bytesToHex } from 'viem'
import { z } from 'zod'
import { KinmarkError } from '../../error'
import { signDigest, voucherHasher } from '../../metering/signer'
import { amountUp } from '../account'
import type { Json } from '../formats/format'
import type { CallVoucher } from '../vouchers'

export type WalletOptions = {
  folder: string
  chainId: number
  userLedger: Address
  copyId: bigint
  user: Address
  /** The user’s own key, or a session key that it has named: 32 bytes. */
  key: Uint8Array
  /** USDC of 6 decimals for a million units. */
  price: bigint
  /** The most that all vouchers together may promise: the reservation, and the session key’s limit. */
  budget(options: { fresh: boolean }): Promise<bigint>
}

/** A call whose cost is not known yet. */
export type OpenCall = {
  call: CallVoucher
  /** What it did cost, from its receipt; 0 for none. */
  settle(units: bigint): Promise<void>
  /** The cost is not known: the host is asked for the receipt later. `id` is null where it gave none. */
  leaveOpen(id: string | null): Promise<void>
}

export type Wallet = {
  /** Promises a call the most that it may cost. Throws `gateway.budget-spent`. */
  open(units: bigint): Promise<OpenCall>
  /** A voucher for exactly what the receipts say; null where nothing is owed. */
  exact(): CallVoucher | null
  /** Ids of receipts that were not received, with what was promised for them. */
  unknown(): { id: string; units: bigint }[]
  /** Enters the cost of a call that was left open. */
  learn(id: string, units: bigint): Promise<void>
  /** Takes over what the host says, where it is no more than was ever promised, or nothing is known here. */
  adopt(account: { units: bigint; cost: bigint }): Promise<boolean>
  /** Keeps a receipt as evidence. Throws `gateway.host-distrusted` where two differ for one index. */
  keepReceipt(receipt: Json): Promise<void>
  readonly units: bigint
  readonly cost: bigint
}

const whole = z.string().regex(/^\d+$/).transform(BigInt)
const schema = z.object({
  units: whole,
  cost: whole,
  /** The most units that a voucher ever promised. */
  promised: whole,
  unknown: z.array(z.object({ id: z.string(), units: whole })),
})
type State = z.infer<typeof schema>

/** What a user owes one host, kept in a folder, and the vouchers for it. */
export async function openWallet(options: WalletOptions): Promise<Wallet> {
  const { folder, chainId, userLedger, copyId, user, key, price } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'account.json')
  const known = await readState(file)
  const state: State = known ?? { units: 0n, cost: 0n, promised: 0n, unknown: [] }
  let fresh = known === null
  const hasher = voucherHasher(chainId, userLedger)
  const open = { units: state.unknown.reduce((sum, each) => sum + each.units, 0n) }
  const seen = new Map<string, string>()
  /** Units of vouchers that were signed, since a host takes none twice. */
  const signed = new Set<bigint>()

  let saving: Promise<void> = Promise.resolve()
  let dirty = false
  const save = (): Promise<void> => {
    dirty = true
    saving = saving.then(async () => {
      if (!dirty) return
      dirty = false
      const text = JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
      await writeFile(`${file}.new`, text, { mode: 0o600 })
      await rename(`${file}.new`, file)
    })
    return saving
  }
  const sign = (cumulativeUnits: bigint, cost: bigint, units: bigint): CallVoucher => {
    const voucher = { copyId, user, cumulativeUnits, cumulativeAmount: amountUp(cost) }
    const signature = bytesToHex(signDigest(hasher.digest(hasher.hash(voucher)), key))
    return { voucher: { ...voucher, signature }, units }
  }
  const charge = (units: bigint): void => {
    state.units += units
    state.cost += units * price
  }

  return {
    async open(units) {
      open.units += units // before anything is awaited, so that calls at the same time see each other
      let cumulative = state.units + open.units
      while (signed.has(cumulative)) cumulative++
      signed.add(cumulative)
      if (signed.size > 10_000) for (const each of signed) if (each <= state.units) signed.delete(each)
      const cost = state.cost + (cumulative - state.units) * price
      try {
        let available = await options.budget({ fresh: false })
        if (amountUp(cost) > available) available = await options.budget({ fresh: true })
        if (amountUp(cost) > available)
          throw new KinmarkError('gateway.budget-spent', { needed: amountUp(units * price), available })
      } catch (error) {
        open.units -= units
        throw error
      }
      fresh = false
      if (cumulative > state.promised) state.promised = cumulative
      await save()
      let done = false
      const once = async (change: () => void): Promise<void> => {
        if (done) return
        done = true
        change()
        await save()
      }
      return {
        call: sign(cumulative, cost, units),
        settle: (actual) =>
          once(() => {
            open.units -= units
            charge(actual)
          }),
        leaveOpen: (id) =>
          once(() => {
            if (id === null) open.units -= units
            else state.unknown.push({ id, units })
          }),
      }
    },
    exact: () => (state.units > 0n ? sign(state.units, state.cost, 0n) : null),
    unknown: () => [...state.unknown],
    async learn(id, actual) {
      const at = state.unknown.findIndex((each) => each.id === id)
      if (at < 0) return
      const [{ units }] = state.unknown.splice(at, 1)
      open.units -= units
      charge(actual)
      await save()
    },
    async adopt({ units, cost }) {
      if (!fresh && units > state.promised) return false
      Object.assign(state, { units, cost, promised: units > state.promised ? units : state.promised })
      fresh = false
      await save()
      return true
    },
    async keepReceipt(receipt) {
      const { epoch, index } = receipt.receipt as Record<string, string>
      const place = `${epoch}:${index}`
      const text = JSON.stringify(receipt)
      const before = seen.get(place)
      seen.set(place, text)
      if (seen.size > 100_000) seen.delete(seen.keys().next().value as string)
      if (before === text) return
      await appendFile(join(folder, 'receipts.jsonl'), `${text}\n`, { mode: 0o600 })
      if (before !== undefined)
        throw new KinmarkError('gateway.host-distrusted', {
          reason: `it signed two receipts for index ${index} of epoch ${epoch}`,
        })
    },
    get units() {
      return state.units
    },
    get cost() {
      return state.cost
    },
  }
}

async function readState(file: string): Promise<State | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : schema.parse(JSON.parse(text))
}

import { type Address, isAddressEqual, isHex, recoverMessageAddress } from 'viem'
import { z } from 'zod'
import { KinmarkError } from '../error'
import { statusMessage } from '../metering/status-message'
import type { Books } from './books'
import type { EpochClock } from './epoch-clock'
import type { Json } from './formats/format'

/** Seconds for which an owner’s signature lets a page read. */
const mostSeconds = 86_400
const minutesKept = 60

const schema = z.object({
  until: z.number().int(),
  signature: z.custom<`0x${string}`>((text) => isHex(text) && text.length === 132),
})

type Asking = { authorization: string | undefined; copyId: bigint; operator: Address; owner(): Promise<Address> }

/**
 * Checks that the copy’s owner has signed the request: `Authorization: Kinmark BASE64URL` of JSON with `until` in Unix
 * seconds and the `signature` of `statusMessage`. Throws `gateway.owner-unproven`.
 */
export async function assertOwner({ authorization, copyId, operator, owner }: Asking): Promise<void> {
  const refused = () => new KinmarkError('gateway.owner-unproven')
  const [, text] = /^Kinmark ([\w-]{1,2000})$/.exec(authorization ?? '') ?? []
  if (text === undefined) throw refused()
  const { data } = schema.safeParse(parsed(Buffer.from(text, 'base64url').toString('utf8')))
  const now = Date.now() / 1000
  if (!data || data.until < now || data.until > now + mostSeconds) throw refused()
  const message = statusMessage({ copyId, operator, until: data.until })
  const signer = await recoverMessageAddress({ message, signature: data.signature }).catch(() => null)
  if (!signer || !isAddressEqual(signer, await owner())) throw refused()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Minute = { at: number; answers: number; units: bigint; cost: bigint }

/** Books that also count what they issue, minute by minute. */
export function countingBooks(books: Books): { books: Books; minutes(): Minute[] } {
  const minutes: Minute[] = []
  const current = (): Minute => {
    const at = Math.floor(Date.now() / 60_000) * 60
    const last = minutes.at(-1)
    if (last?.at === at) return last
    const begun = { at, answers: 0, units: 0n, cost: 0n }
    minutes.push(begun)
    while (minutes[0].at <= at - minutesKept * 60) minutes.shift()
    return begun
  }
  const counting = Object.create(books, {
    issue: {
      value: async (answered: Parameters<Books['issue']>[0]) => {
        const stored = await books.issue(answered)
        const minute = current()
        minute.answers++
        minute.units += answered.units
        minute.cost += answered.units * answered.price
        return stored
      },
    },
  }) as Books
  const oldest = () => Math.floor(Date.now() / 60_000) * 60 - (minutesKept - 1) * 60
  return { books: counting, minutes: () => minutes.filter(({ at }) => at >= oldest()) }
}

/** What an owner sees. Costs in USDC of 12 decimals, times in Unix seconds. */
export async function ownerStatus(
  books: Books,
  minutes: Minute[],
  clock: EpochClock,
  limits: { cap: bigint },
): Promise<Json> {
  const accounts = await books.accounts()
  const sum = (of: (account: (typeof accounts)[number]) => bigint) => accounts.reduce((all, each) => all + of(each), 0n)
  return {
    epoch: `${books.epoch}`,
    epochUnits: `${books.epochUnits}`,
    unitsLeft: `${limits.cap - books.epochUnits}`,
    time: `${clock.time()}`,
    users: accounts.length,
    units: `${sum(({ units }) => units)}`,
    cost: `${sum(({ cost }) => cost)}`,
    /** Promised to calls that run. */
    open: `${sum(({ open }) => open.cost)}`,
    minutes: minutes.map(({ at, answers, units, cost }) => ({ at, answers, units: `${units}`, cost: `${cost}` })),
  }
}

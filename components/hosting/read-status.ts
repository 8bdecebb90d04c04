import type { Config } from 'wagmi'
import { signMessage } from 'wagmi/actions'
import { z } from 'zod'
import { KinmarkError } from '@/lib/error'
import type { HostView } from '@/lib/market/read/views'
import { statusMessage } from '@/lib/metering/status-message'
import { readJson } from '@/lib/payer/ask'
import { hostBase } from '@/lib/payer/host-facts'

// pages allow no code that is made from strings
z.config({ jitless: true })

const seconds = 3600
const minutesShown = 60

const whole = z
  .string()
  .regex(/^-?\d{1,78}$/)
  .transform(BigInt)
const schema = z.object({
  ...{ epochUnits: whole, unitsLeft: whole, cost: whole, users: z.number(), running: z.number() },
  minutes: z.array(z.object({ at: z.number(), units: whole, cost: whole })).max(minutesShown),
})

export type GatewayStatus = z.infer<typeof schema>

/** What the owner’s wallet signs, as the gateway takes it. */
export async function signStatus(config: Config, { copyId, operator }: HostView): Promise<string> {
  const until = Math.floor(Date.now() / 1000) + seconds
  const message = statusMessage({ copyId: BigInt(copyId), operator, until })
  const signature = await signMessage(config, { message })
  return `Kinmark ${btoa(JSON.stringify({ until, signature })).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
}

/** Throws `payer.unreachable` and `payer.refused`. Minutes without answers are zero. */
export async function readStatus({ url }: HostView, authorization: string): Promise<GatewayStatus> {
  const response = await fetch(`${hostBase(url)}/v1/kinmark/status`, {
    ...{ headers: { authorization }, redirect: 'error', credentials: 'omit', cache: 'no-store' },
    referrerPolicy: 'no-referrer',
  }).catch((cause) => {
    throw new KinmarkError('payer.unreachable', {}, { cause })
  })
  if (response.status === 401) throw new KinmarkError('gateway.owner-unproven')
  const { data } = schema.safeParse(response.status === 200 ? await readJson(response).catch(() => null) : null)
  if (!data) throw new KinmarkError('payer.refused', { status: response.status, message: '' })
  const now = Math.floor(Date.now() / 60_000) * 60
  const known = new Map(data.minutes.map((minute) => [minute.at, minute]))
  const minutes = Array.from({ length: minutesShown }, (_, i) => {
    const at = now - (minutesShown - 1 - i) * 60
    return known.get(at) ?? { at, units: 0n, cost: 0n }
  })
  return { ...data, minutes }
}

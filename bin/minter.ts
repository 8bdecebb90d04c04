import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { bytes32 } from '../lib/chain/schemas'
import { readEnv } from '../lib/env'
import { KinmarkError, messageOf } from '../lib/error'
import { parseUsdc } from '../lib/format/parse-usdc'
import { log } from '../lib/log'
import type { MintOrder } from '../lib/minting/order'
import type { VersionWork } from '../lib/minting/version-work'
import { withRequestId } from '../lib/request-id'
import { answerQuote } from './minter/answer-quote'
import { answerRefusal } from './minter/answer-refusal'
import { haveDeployment } from './minter/deployment'
import { mintOrder } from './minter/mint-order'
import type { Minter } from './minter/minter'
import { isAppAway, type MinterClient, openMinterClient } from './minter/minter-client'
import { openKeys } from './minter/open-keys'
import { prepareVersion } from './minter/prepare-version'
import { trimBlobs } from './minter/work-blobs'

/**
 * Makes the key pools of new versions, quotes, mints copies, answers refusals, and opens keys for courts. It mints one copy
 * at a time. Orders and files come from the app over HTTP, so minters can run on any machines that reach the app and the
 * chain. A copy's bytes are a function of its order, so a minter that was killed at any point, or another one, can start
 * again and gets the same bytes.
 */

const schema = z.object({
  KINMARK_URL: z.url(),
  KINMARK_MINTER_TOKEN: z.string().min(1),
  KINMARK_MINTER_KEY: bytes32,
  /** The app as buyers reach it; without it, as this minter does. */
  KINMARK_PUBLIC_URL: z.url().optional(),
  /** Each quote of this minter promises a fee in USDC, hours until the delivery, and a penalty in USDC. */
  KINMARK_MINTER_FEE: z.string().default('0').transform(parseUsdc),
  KINMARK_MINTER_HOURS: z.coerce.number().positive().default(24),
  KINMARK_MINTER_PENALTY: z.string().default('5').transform(parseUsdc),
  /** Bytes of files that it keeps for the next work. */
  KINMARK_MINTER_CACHE_BYTES: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(16 * 2 ** 30),
})

const idleMs = 500

function readMinterEnv(): z.infer<typeof schema> {
  const { data, error } = schema.safeParse(process.env)
  if (data) return data
  const [{ path, message }] = error.issues
  throw new KinmarkError('minting.variable-invalid', { variable: path.join('.'), reason: message }, { cause: error })
}

async function main(): Promise<void> {
  const own = readMinterEnv()
  const minter: Minter = {
    env: readEnv(),
    client: openMinterClient(own.KINMARK_URL.replace(/\/$/, ''), own.KINMARK_MINTER_TOKEN),
    key: own.KINMARK_MINTER_KEY,
    publicUrl: (own.KINMARK_PUBLIC_URL ?? own.KINMARK_URL).replace(/\/$/, ''),
    offer: {
      fee: Number(own.KINMARK_MINTER_FEE),
      secondsToDeliver: Math.round(own.KINMARK_MINTER_HOURS * 3600),
      penalty: own.KINMARK_MINTER_PENALTY,
    },
  }
  await haveDeployment(minter.env, minter.client.url)
  await Promise.all([work(minter, own.KINMARK_MINTER_CACHE_BYTES), answer(minter)])
}

/** Long work, one piece at a time: orders first, then versions. */
async function work(minter: Minter, cacheBytes: number): Promise<never> {
  const { client } = minter
  let isReachable = true
  for (;;) {
    let order: MintOrder | null = null
    let version: VersionWork | null = null
    try {
      order = await client.lease()
      version = order ? null : await client.claimVersion()
      isReachable = true
    } catch (error) {
      const level = isAppAway(error) ? 'warn' : 'error'
      if (isReachable) log[level]({ err: error }, 'The app gives no orders; the minter keeps asking.')
      isReachable = false
    }
    if (order) await withRequestId(order.request ?? order.lease.id, () => mintOrder(order, minter))
    else if (version) await prepareVersion(version, minter)
    else await wait(idleMs)
    if (order || version) await trimBlobs(minter.env, cacheBytes)
  }
}

/** Quotes, refusals and openings, which do not wait for the work. */
async function answer(minter: Minter): Promise<never> {
  const { client } = minter
  for (;;) {
    const isIdle = await answerNext(minter, client).catch((error) => {
      if (!isAppAway(error))
        log.error({ err: error }, 'A quote, a refusal or a court was not answered; the minter tries again.')
      return true
    })
    if (isIdle) await wait(idleMs)
  }
}

async function answerNext(minter: Minter, client: MinterClient): Promise<boolean> {
  const quote = await client.nextQuote()
  if (quote) await withRequestId(quote.id, () => answerQuote(quote, minter))
  const refusal = await client.nextRefusal()
  if (refusal) await answerRefusal(refusal, minter)
  const opening = await client.nextOpening()
  if (opening) await openKeys(opening, minter)
  return !quote && !refusal && !opening
}

const parent = Number(process.env.KINMARK_SUPERVISOR)
if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})

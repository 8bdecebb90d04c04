import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { bytes32 } from '../lib/chain/schemas'
import { readEnv } from '../lib/env'
import { KinmarkError, messageOf } from '../lib/error'
import { parseUsdc } from '../lib/format/parse-usdc'
import { log } from '../lib/log'
import type { NextWork, WorkWanted } from '../lib/minting/next'
import { withRequestId } from '../lib/request-id'
import { answerQuote } from './minter/answer-quote'
import { answerRefusal } from './minter/answer-refusal'
import { haveDeployment } from './minter/deployment'
import { listenTo } from './minter/listen-to'
import { mintOrder } from './minter/mint-order'
import type { Minter } from './minter/minter'
import { isAppAway, openMinterClient } from './minter/minter-client'
import { openKeys } from './minter/open-keys'
import { prepareVersion } from './minter/prepare-version'
import { trimBlobs } from './minter/work-blobs'

/**
 * Makes the key pools of new versions, quotes, mints copies, finds out which copies wrote recorded answers, answers refusals,
 * and opens keys for courts. It does one long work at a time. Orders and files come from the app over HTTP, so minters can run on any machines that reach the app and the
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

/** Between two questions for work, and for what is answered at once. */
const pauses = { workMs: 1_000, answerMs: 500 }

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

/** Long work, one piece at a time. */
async function work(minter: Minter, cacheBytes: number): Promise<never> {
  let isReachable = true
  for (let first: WorkWanted['first'] = 'version'; ; first = first === 'version' ? 'listening' : 'version') {
    let next: NextWork | null = null
    try {
      next = await minter.client.nextWork({ first })
      isReachable = true
    } catch (error) {
      const level = isAppAway(error) ? 'warn' : 'error'
      if (isReachable) log[level]({ err: error }, 'The app gives no orders; the minter keeps asking.')
      isReachable = false
    }
    if (next) {
      await doWork(next, minter)
      await trimBlobs(minter.env, cacheBytes)
    } else await wait(pauses.workMs)
  }
}

function doWork(next: NextWork, minter: Minter): Promise<void> {
  if (next.kind === 'version') return prepareVersion(next.version, minter)
  if (next.kind === 'listening') return listenTo(next.listening, minter)
  const { order } = next
  return withRequestId(order.request ?? order.lease.id, () => mintOrder(order, minter))
}

/** Quotes, refusals and openings, which do not wait for the work. */
async function answer(minter: Minter): Promise<never> {
  for (;;) {
    const isIdle = await answerNext(minter).catch((error) => {
      if (!isAppAway(error))
        log.error({ err: error }, 'A quote, a refusal or a court was not answered; the minter tries again.')
      return true
    })
    if (isIdle) await wait(pauses.answerMs)
  }
}

async function answerNext(minter: Minter): Promise<boolean> {
  const next = await minter.client.nextRequest()
  if (next?.kind === 'quote') await withRequestId(next.quote.id, () => answerQuote(next.quote, minter))
  else if (next?.kind === 'refusal') await answerRefusal(next.refusal, minter)
  else if (next) await openKeys(next.opening, minter)
  return !next
}

const parent = Number(process.env.KINMARK_SUPERVISOR)
if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})

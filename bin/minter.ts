import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { bytes32 } from '../lib/chain/schemas'
import { readEnv } from '../lib/env'
import { KinmarkError, messageOf } from '../lib/error'
import { log } from '../lib/log'
import type { MintOrder } from '../lib/minting/order'
import { mintOrder } from './minter/mint-order'
import { openMinterClient } from './minter/minter-client'

/**
 * Mints copies, one at a time. It leases orders over HTTP, so any number of minters can run on machines that share the
 * blobs and reach the chain. A copy's bytes are a function of its order, so a minter that was killed at any point, or
 * another one, can start again and gets the same bytes.
 */

const schema = z.object({
  KINMARK_URL: z.url(),
  KINMARK_MINTER_TOKEN: z.string().min(1),
  KINMARK_MINTER_KEY: bytes32,
})

const idleMs = 500

function readMinterEnv(): z.infer<typeof schema> {
  const { data, error } = schema.safeParse(process.env)
  if (data) return data
  const [{ path, message }] = error.issues
  throw new KinmarkError('minting.variable-invalid', { variable: path.join('.'), reason: message }, { cause: error })
}

async function main(): Promise<void> {
  const { KINMARK_URL, KINMARK_MINTER_TOKEN, KINMARK_MINTER_KEY } = readMinterEnv()
  const env = readEnv()
  const client = openMinterClient(KINMARK_URL, KINMARK_MINTER_TOKEN)
  let isReachable = true
  for (;;) {
    let order: MintOrder | null = null
    try {
      order = await client.lease()
      isReachable = true
    } catch (error) {
      if (isReachable) log.error({ err: error }, 'The app gives no orders; the minter keeps asking.')
      isReachable = false
    }
    if (order) await mintOrder(order, { env, client, key: KINMARK_MINTER_KEY })
    else await wait(idleMs)
  }
}

const parent = Number(process.env.KINMARK_SUPERVISOR)
if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})

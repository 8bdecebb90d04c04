import { setTimeout as wait } from 'node:timers/promises'
import type { Hex } from 'viem'
import { z } from 'zod'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import type { MintOrder } from '../lib/minting/mint-order'
import { mintOrder } from './minter/mint-order'
import { openMinterClient } from './minter/minter-client'

/**
 * Fingerprints copies, one at a time. It leases orders over HTTP, so any number of minters can run on any machines that
 * share the blobs and reach the chain. Everything it makes is a function of the order: killed anywhere, it or another
 * one begins again and ends with the same bytes.
 */

const schema = z.object({
  KINMARK_URL: z.url(),
  KINMARK_MINTER_TOKEN: z.string().min(1),
  KINMARK_MINTER_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/)
    .transform((key) => key as Hex),
})

const idleMs = 500

async function main(): Promise<void> {
  const { KINMARK_URL, KINMARK_MINTER_TOKEN, KINMARK_MINTER_KEY } = schema.parse(process.env)
  const env = readEnv()
  const client = openMinterClient(KINMARK_URL, KINMARK_MINTER_TOKEN)
  let reached = true
  for (;;) {
    let order: MintOrder | null = null
    try {
      order = await client.lease()
      reached = true
    } catch (error) {
      if (reached) console.error(`No orders can be had: ${messageOf(error)}`)
      reached = false
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

import 'server-only'
import type { NextRequest } from 'next/server'
import { createTestClient, http } from 'viem'
import { type Market, market } from './context/context'
import { HttpError } from './http/http-error'
import { requireOwnPage } from './http/own-page'
import { localChainId } from './read/get-chain-config'
import { epochLength, protocolTime } from './read/protocol-time'

let previous: Promise<unknown> = Promise.resolve()

/**
 * On the local chain, for a page of ours: lets its time pass until the next epoch begins. Resolves to the epoch’s number.
 * One call after the other, so that each passes one epoch. Throws `market.no-local-clock` on other chains, and
 * `market.origin-foreign` for other pages.
 */
export async function beginNextEpoch(request: NextRequest): Promise<bigint> {
  await requireOwnPage(request)
  const ctx = await market()
  const { chainId } = ctx.deployment
  if (chainId !== localChainId) throw new HttpError(404, 'market.no-local-clock', { chainId })
  const begun = previous.then(() => passEpoch(ctx))
  previous = begun.catch(() => undefined)
  return begun
}

async function passEpoch(ctx: Market): Promise<bigint> {
  const chain = createTestClient({ mode: 'anvil', transport: http(ctx.env.rpcUrl) })
  const [time, length] = await Promise.all([protocolTime(ctx), epochLength(ctx)])
  await chain.increaseTime({ seconds: Number(length - (time % length)) })
  await chain.mine({ blocks: 1 })
  return time / length + 1n
}

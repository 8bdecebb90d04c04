import 'server-only'
import { market } from '../context/context'
import { localChainId } from './get-chain-config'
import { epochLength, protocolTime } from './protocol-time'
import type { LocalTime } from './views'

/** The time of a local chain; null on other chains, and where the chain does not answer. */
export async function localTime(): Promise<LocalTime | null> {
  const ctx = await market()
  if (ctx.deployment.chainId !== localChainId) return null
  try {
    const [time, length] = await Promise.all([protocolTime(ctx), epochLength(ctx)])
    return { time: Number(time), epochLength: Number(length) }
  } catch {
    return null
  }
}

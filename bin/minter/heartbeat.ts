import type { MintStage } from '../../lib/market/read/views'
import { LeaseLost, type MinterClient } from './minter-client'

export type Heartbeat = {
  /** Says how far the work is; throws when the lease is lost. */
  at(stage: MintStage, done: number): void
  signal: AbortSignal
  stop(): void
}

const beatMs = 4_000
const leastMs = 250

/** Keeps a lease alive while the work goes on, and tells how far it is. */
export function startHeartbeat(client: MinterClient, job: string): Heartbeat {
  const lost = new AbortController()
  let now = { stage: 'load' as MintStage, done: 0 }
  let sentAt = 0
  let sending = false

  const send = async () => {
    if (sending) return
    sending = true
    sentAt = Date.now()
    try {
      await client.report(job, now)
    } catch (error) {
      // An app that does not answer may be back before the lease ends.
      if (error instanceof LeaseLost) lost.abort(error)
    }
    sending = false
  }
  const timer = setInterval(send, beatMs)
  return {
    at(stage, done) {
      lost.signal.throwIfAborted()
      const moved = stage !== now.stage
      now = { stage, done: Math.min(Math.max(done, 0), 1) }
      if (moved || Date.now() - sentAt > leastMs) send()
    },
    signal: lost.signal,
    stop: () => clearInterval(timer),
  }
}

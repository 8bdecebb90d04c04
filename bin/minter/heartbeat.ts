import type { LeaseId } from '../../lib/minting/lease'
import type { MintStage } from '../../lib/minting/stages'
import { isLeaseOver, type MinterClient } from './minter-client'

export type Heartbeat = {
  /** Reports progress: `done` is the part of the stage that is done, 0 to 1. Throws once the lease is over. */
  at(stage: MintStage, done: number): void
  /** Aborted once the lease is over. */
  signal: AbortSignal
  stop(): void
}

const intervalMs = 4_000

/** Reports on a claim every few seconds until it is stopped. `signal` is aborted once the claim is over. */
export function keepClaim(report: () => Promise<void>): { signal: AbortSignal; stop(): void } {
  const over = new AbortController()
  const timer = setInterval(() => {
    // Any other error is ignored: the app may answer again before the claim ends.
    report().catch((error) => isLeaseOver(error) && over.abort(error))
  }, intervalMs)
  return { signal: over.signal, stop: () => clearInterval(timer) }
}

/** Progress within a stage is sent at most this often. */
const minIntervalMs = 250

/** Keeps a lease alive during the work, and reports the progress. */
export function startHeartbeat(client: MinterClient, lease: LeaseId): Heartbeat {
  const over = new AbortController()
  let now: { stage: MintStage; done: number } = { stage: 'load', done: 0 }
  let sentAt = 0
  let sending = false

  const send = async () => {
    if (sending) return
    sending = true
    sentAt = Date.now()
    try {
      await client.report(lease, now)
    } catch (error) {
      // Any other error is ignored: the app may answer again before the lease ends.
      if (isLeaseOver(error)) over.abort(error)
    }
    sending = false
  }
  const timer = setInterval(send, intervalMs)
  return {
    at(stage, done) {
      over.signal.throwIfAborted()
      const isNewStage = stage !== now.stage
      now = { stage, done: Math.min(Math.max(done, 0), 1) }
      if (isNewStage || Date.now() - sentAt > minIntervalMs) send()
    },
    signal: over.signal,
    stop: () => clearInterval(timer),
  }
}

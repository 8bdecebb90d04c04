import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../../lib/error'

/** Stands for the proxy before the app processes: it asks /readyz and sends requests to those that are ready. */
export type Balancer = {
  /** A process that was ready when it was last asked. */
  pick(): string
  /** A request; like a proxy, it tries another process where a connection fails before anything was written. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Notes that a process is killed now: connections to it break. */
  kill(): void
  /** Whether this is a connection that broke when a process was killed. */
  isCut(error: unknown): boolean
  stop(): void
}

const everyMs = 500
const tries = 3
/** For so long after a kill, a broken connection is put down to it. */
const aftermathMs = 15_000

export function openBalancer(sites: readonly string[]): Balancer {
  let isOpen = true
  let up = [...sites]
  let killedAt = Number.NEGATIVE_INFINITY
  const check = async () => {
    while (isOpen) {
      const answers = await Promise.all(
        sites.map((site) =>
          fetch(`${site}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
            ({ ok }) => ok,
            () => false,
          ),
        ),
      )
      up = sites.filter((_, i) => answers[i])
      await wait(everyMs)
    }
  }
  void check()
  const pick = () => {
    const from = up.length > 0 ? up : sites
    return from[Math.floor(Math.random() * from.length)]
  }
  return {
    pick,
    async fetch(path, init = {}) {
      for (let tried = 1; ; tried++) {
        try {
          return await fetch(pick() + path, init)
        } catch (error) {
          const isSafe = (init.method ?? 'GET') === 'GET' || textOf(error).includes('ECONNREFUSED')
          if (!isSafe || tried === tries) throw error
        }
        await wait(everyMs)
      }
    },
    kill() {
      killedAt = Date.now()
    },
    isCut: (error) =>
      Date.now() - killedAt < aftermathMs &&
      /ECONNREFUSED|ECONNRESET|EPIPE|socket|terminated|fetch failed|other side closed/.test(textOf(error)),
    stop() {
      isOpen = false
    },
  }
}

/** What an error and its cause say. */
function textOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } }
  return `${messageOf(error)} ${cause?.code ?? ''} ${cause ? messageOf(cause) : ''}`
}

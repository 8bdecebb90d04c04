import { setTimeout as wait } from 'node:timers/promises'

/** Stands for the proxy before the app processes: it asks /readyz and sends requests to those that are ready. */
export type Balancer = { pick(): string; stop(): void }

const everyMs = 500

export function openBalancer(sites: readonly string[]): Balancer {
  let isOpen = true
  let up = [...sites]
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
  return {
    pick() {
      const from = up.length > 0 ? up : sites
      return from[Math.floor(Math.random() * from.length)]
    },
    stop() {
      isOpen = false
    },
  }
}

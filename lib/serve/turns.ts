import { KinmarkError } from '../error'

export type Turns = {
  /** Runs `task` once fewer than `running` tasks run. Throws `serve.busy` where too many wait, and when `signal` aborts. */
  take<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>
  readonly running: number
  readonly waiting: number
}

/** At most `running` tasks at once and `waiting` more in the order in which they came. */
export function turns(limit: { running: number; waiting: number }): Turns {
  const queue: (() => void)[] = []
  let running = 0
  const entered = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (running < limit.running) {
      running++
      return
    }
    if (queue.length >= limit.waiting) throw new KinmarkError('serve.busy', { waiting: queue.length })
    await new Promise<void>((settle, fail) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        settle()
      }
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1)
        fail(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      queue.push(enter)
    })
  }
  return {
    async take(signal, task) {
      await entered(signal)
      try {
        return await task()
      } finally {
        const next = queue.shift()
        if (next) next()
        else running--
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return queue.length
    },
  }
}

type Entry<T> = { value: T; at: number }

/**
 * Remembers what `load` says for `freshMs`, and for `staleMs` where it fails. Questions at the same time share one answer.
 */
export function cached<Args extends string[], T>(
  load: (...args: Args) => Promise<T>,
  { freshMs, staleMs }: { freshMs: number; staleMs: number },
): (fresh: boolean, ...args: Args) => Promise<T> {
  const known = new Map<string, Entry<T>>()
  const running = new Map<string, Promise<T>>()
  const ask = (key: string, args: Args): Promise<T> => {
    const promise = load(...args)
      .then((value) => {
        known.set(key, { value, at: performance.now() })
        if (known.size > 10_000) known.delete(known.keys().next().value as string)
        return value
      })
      .finally(() => running.delete(key))
    running.set(key, promise)
    return promise
  }
  return async (fresh, ...args) => {
    const key = args.join(' ')
    const age = () => performance.now() - (known.get(key)?.at ?? Number.NEGATIVE_INFINITY)
    if (!fresh && age() < freshMs) return (known.get(key) as Entry<T>).value
    try {
      return await (running.get(key) ?? ask(key, args))
    } catch (error) {
      if (age() < staleMs) return (known.get(key) as Entry<T>).value
      throw error
    }
  }
}

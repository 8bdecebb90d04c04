import { deserialize, serialize } from '../format/serialize'

/** Results of finished steps, from which an interrupted preparation resumes. Machines that share it share the work. */
export type StageStore = {
  read(name: string): Promise<Uint8Array | null>
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Tells other machines that this one makes `name`: what ends the claim, or null where another one makes it. */
  claim?(name: string): Promise<(() => Promise<void>) | null>
  /** Milliseconds until it is looked at again for what another machine makes. */
  patience?: number
}

export type Keep = {
  /**
   * The stored result of `name`; otherwise the result of `work`, which is then stored. While another machine makes it,
   * this one waits.
   */
  <T>(name: string, work: () => T | Promise<T>): Promise<T>
  /**
   * The results of all names, none of which depends on another: this machine makes those that no other one is making, and
   * waits for the rest. `report` receives how many are there.
   */
  each<T>(names: readonly string[], make: (i: number) => Promise<T>, report?: (done: number) => void): Promise<T[]>
}

/** Increase it when the layout of a step’s result changes. */
const format = 3

/** `patience` of a store that has none. */
const patience = 100

/** See `serialize` for what a result may contain. */
export function keeper(store: StageStore | undefined, signal?: AbortSignal): Keep {
  const read = async <T>(name: string): Promise<{ result: T } | null> => {
    const found = await store?.read(name)
    return found ? { result: deserialize(format, found) as T } : null
  }
  const attempt = async <T>(name: string, work: () => T | Promise<T>): Promise<{ result: T } | null> => {
    const found = await read<T>(name)
    if (found) return found
    const end = store?.claim ? await store.claim(name) : async () => undefined
    if (!end) return null
    try {
      // Another machine may have made it before this one claimed it.
      const since = store?.claim && (await read<T>(name))
      if (since) return since
      const result = await work()
      await store?.write(name, serialize(format, result))
      return { result }
    } finally {
      await end()
    }
  }
  const wait = async () => {
    await new Promise((done) => setTimeout(done, store?.patience ?? patience))
    signal?.throwIfAborted()
  }
  const keep = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    for (;;) {
      const kept = await attempt(name, work)
      if (kept) return kept.result
      await wait()
    }
  }
  const each = async <T>(
    names: readonly string[],
    make: (i: number) => Promise<T>,
    report?: (done: number) => void,
  ): Promise<T[]> => {
    const made = new Map<number, { result: T }>()
    for (;;) {
      for (const [i, name] of names.entries()) {
        const kept = made.has(i) ? null : await attempt(name, () => make(i))
        if (!kept) continue
        made.set(i, kept)
        report?.(made.size)
      }
      if (made.size === names.length) return names.map((_, i) => made.get(i)?.result as T)
      await wait()
    }
  }
  return Object.assign(keep, { each })
}

/** A store that is forgotten with the process. */
export function memoryStore(): StageStore {
  const stored = new Map<string, Uint8Array>()
  return {
    read: async (name) => stored.get(name) ?? null,
    write: async (name, bytes) => void stored.set(name, bytes),
  }
}

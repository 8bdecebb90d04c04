import { deserialize, serialize } from '../format/serialize'

/** Results of finished steps, from which an interrupted preparation resumes. Machines that share it share the work. */
export type StageStore = {
  read(name: string): Promise<Uint8Array | null>
  write(name: string, bytes: Uint8Array): Promise<void>
}

/** Returns the stored result of `name`; otherwise the result of `work`, which is then stored. */
export type Keep = <T>(name: string, work: () => T | Promise<T>) => Promise<T>

/** Increase it when the layout of a step’s result changes. */
const format = 2

/** See `serialize` for what a result may contain. */
export function keeper(store: StageStore | undefined): Keep {
  return async <T>(name: string, work: () => T | Promise<T>) => {
    const found = await store?.read(name)
    if (found) return deserialize(format, found) as T
    const made = await work()
    await store?.write(name, serialize(format, made))
    return made
  }
}

/** A store that is forgotten with the process. */
export function memoryStore(): StageStore {
  const stored = new Map<string, Uint8Array>()
  return {
    read: async (name) => stored.get(name) ?? null,
    write: async (name, bytes) => void stored.set(name, bytes),
  }
}

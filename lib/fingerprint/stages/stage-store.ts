import { deserialize, serialize } from '../format/serialize'

/** Results of finished steps, from which an interrupted preparation resumes. */
export type StageStore = {
  read(name: string): Promise<Uint8Array | null>
  write(name: string, bytes: Uint8Array): Promise<void>
}

/** Increase it when the layout of a step’s result changes. */
const format = 2

/** The stored result of a step; otherwise the result of `work`, which is then stored. See `serialize` for what it may contain. */
export async function cached<T>(store: StageStore | undefined, name: string, work: () => T | Promise<T>): Promise<T> {
  const found = await store?.read(name)
  if (found) return deserialize(format, found) as T
  const made = await work()
  await store?.write(name, serialize(format, made))
  return made
}

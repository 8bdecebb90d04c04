import { deserialize, serialize } from '../format/serialize'

/** Where the results of finished steps lie, so that a preparation that was killed goes on after the last of them. */
export type StageStore = {
  read(name: string): Promise<Uint8Array | null>
  write(name: string, bytes: Uint8Array): Promise<void>
}

/** Raised when what a step gives is laid out differently. */
const format = 1

/** The kept result of a step, or what `work` gives, which is kept. Plain data with arrays of numbers only. */
export async function cached<T>(store: StageStore | undefined, name: string, work: () => T | Promise<T>): Promise<T> {
  const found = await store?.read(name)
  if (found) return deserialize(format, found) as T
  const made = await work()
  await store?.write(name, serialize(format, made))
  return made
}

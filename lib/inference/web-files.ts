import type { NamedBytes } from '../weights/bytes'
import type { WebFile } from './web-protocol'

/** Reads whole files into memory, chunk by chunk so that progress shows. */
export async function readWhole(
  files: readonly WebFile[],
  onProgress: (done: number, total: number) => void,
): Promise<{ path: string; data: Uint8Array }[]> {
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
  let done = 0
  const whole: { path: string; data: Uint8Array }[] = []
  for (const { name, blob } of files) {
    const data = new Uint8Array(blob.size)
    let at = 0
    const reader = blob.stream().getReader()
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      data.set(chunk.value, at)
      at += chunk.value.length
      done += chunk.value.length
      onProgress(done, total)
    }
    whole.push({ path: name, data })
  }
  return whole
}

export function memoryBytes(path: string, data: Uint8Array): NamedBytes {
  return { path, bytes: { byteLength: data.length, slice: async (from, to) => data.slice(from, to) } }
}

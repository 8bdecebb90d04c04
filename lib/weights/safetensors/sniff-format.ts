import type { SniffedFormat } from '../../errors/weights'

/** The format of a file that is not safetensors, from its first bytes; null if it is not recognised. */
export function sniffFormat(head: Uint8Array): SniffedFormat | null {
  const starts = (...magic: number[]) => magic.every((byte, i) => head[i] === byte)
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6) || (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5))
    return 'pickle'
  if (starts(0x47, 0x47, 0x55, 0x46)) return 'gguf'
  if (starts(0x89, 0x48, 0x44, 0x46)) return 'hdf5'
  if (starts(0x1f, 0x8b)) return 'gzip'
  if (starts(0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20)) return 'lfs-pointer'
  return null
}

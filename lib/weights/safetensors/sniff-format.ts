/** What a file that is no safetensors file seems to be, from its first bytes; null when nobody can tell. */
export function sniffFormat(head: Uint8Array): string | null {
  const starts = (...magic: number[]) => magic.every((byte, i) => head[i] === byte)
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6) || (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5))
    return 'is a pickle, which can run code when opened'
  if (starts(0x47, 0x47, 0x55, 0x46)) return 'is a GGUF file'
  if (starts(0x89, 0x48, 0x44, 0x46)) return 'is an HDF5 file'
  if (starts(0x1f, 0x8b)) return 'is a gzip archive'
  if (starts(0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20)) return 'is a Git LFS pointer and not the file itself'
  return null
}

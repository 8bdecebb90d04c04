import type { SniffedFormat } from '../../errors/weights'

/** The format of a file that is not safetensors, from its first bytes; null if it is not recognised. */
export function sniffFormat(head: Uint8Array): SniffedFormat | null {
  const starts = (...magic: number[]) => magic.every((byte, i) => head[i] === byte)
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6) || (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5))
    return 'pickle'
  if (starts(0x47, 0x47, 0x55, 0x46)) return 'gguf'
  if (starts(0x89, 0x48, 0x44, 0x46)) return 'hdf5'
  if (starts(0x1f, 0x8b)) return 'gzip'
  const text = new TextDecoder('latin1').decode(head)
  if (text.startsWith('version ')) return 'lfs-pointer'
  if (/^\s*<(!doctype|html|head|\?xml)/i.test(text)) return 'web-page'
  if (
    /^(\{"(error|message|detail)"|entry not|access to|invalid (user|cred)|reposit|not found|unauthor|forbidden)/i.test(
      text,
    )
  )
    return 'error-message'
  return null
}

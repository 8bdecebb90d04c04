import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { sniffFormat } from '../safetensors/sniff-format'

/** Reads a whole text file. Throws if it is empty, longer than `limit` bytes or not UTF-8. */
export async function readText({ path, bytes }: NamedBytes, limit: number): Promise<string> {
  const { byteLength } = bytes
  if (byteLength === 0) throw new KinmarkError('weights.file-empty', { path })
  if (byteLength > limit) throw new KinmarkError('weights.text-too-long', { path, byteLength, limit })
  const content = await bytes.slice(0, byteLength)
  const format = sniffFormat(content.subarray(0, 64))
  if (format === 'lfs-pointer' || (format === 'web-page' && !path.endsWith('.md')))
    throw new KinmarkError('weights.wrong-format', { path, format })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch (cause) {
    throw new KinmarkError('weights.not-utf8', { path }, { cause })
  }
}

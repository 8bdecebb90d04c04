import { LegacyError } from '../../error'
import type { NamedBytes } from '../bytes'

/** A whole text file, refused when empty, longer than `limit` bytes or not UTF-8. */
export async function readText({ path, bytes }: NamedBytes, limit: number): Promise<string> {
  if (bytes.byteLength === 0) throw new LegacyError(`“${path}” is empty: 0 bytes.`)
  if (bytes.byteLength > limit)
    throw new LegacyError(`“${path}” has ${bytes.byteLength} bytes; at most ${limit} are read.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await bytes.slice(0, bytes.byteLength))
  } catch (cause) {
    throw new LegacyError(`“${path}” is not UTF-8 text.`, { cause })
  }
}

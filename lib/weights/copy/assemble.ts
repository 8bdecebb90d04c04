import { KinmarkError } from '../../error'
import type { Bytes } from '../bytes'
import type { Tensor } from '../tensor'

/**
 * Part of a copy's file: bytes of the base's file, or a whole edited tensor that replaces them. Lengths are in bytes.
 */
export type CopySegment =
  | { from: 'base'; offset: number; length: number }
  | { from: 'edit'; tensor: string; length: number }

/** The tensors' new bytes, each as long as in the base. */
type EditedBytes = ReadonlyMap<string, Uint8Array>

/**
 * Splits a copy's file into consecutive segments. `tensors` are those of this one file. Header and order are the
 * base's, so the result is a safetensors file as well.
 */
export function copySegments(fileLength: number, tensors: Iterable<Tensor>, edits: EditedBytes): CopySegment[] {
  const segments: CopySegment[] = []
  let at = 0
  const edited = [...tensors].filter(({ name }) => edits.has(name)).sort((a, b) => a.offset - b.offset)
  for (const { name, offset, byteLength } of edited) {
    const length = edits.get(name)?.length ?? 0
    if (length !== byteLength)
      throw new KinmarkError('weights.edit-wrong-length', { tensor: name, length, expected: byteLength })
    if (offset > at) segments.push({ from: 'base', offset: at, length: offset - at })
    segments.push({ from: 'edit', tensor: name, length })
    at = offset + length
  }
  if (at < fileLength) segments.push({ from: 'base', offset: at, length: fileLength - at })
  return segments
}

const chunkLength = 4_194_304

/** The file's bytes, a few MiB at a time. */
export async function* assemble(
  segments: readonly CopySegment[],
  base: Bytes,
  edits: EditedBytes,
): AsyncGenerator<Uint8Array> {
  for (const segment of segments) {
    if (segment.from === 'edit') yield editOf(edits, segment.tensor)
    else
      for (let at = 0; at < segment.length; at += chunkLength) {
        const from = segment.offset + at
        yield await base.slice(from, Math.min(from + chunkLength, segment.offset + segment.length))
      }
  }
}

function editOf(edits: EditedBytes, tensor: string): Uint8Array {
  const bytes = edits.get(tensor)
  if (!bytes) throw new KinmarkError('weights.edit-missing', { tensor })
  return bytes
}

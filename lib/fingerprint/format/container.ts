import { KinmarkError } from '../../error'

const magic = 0x4b4d4650 // KMFP

/** “KMFP”, a format number (both big-endian), then each section after its length in bytes (little-endian uint32). */
export function writeContainer(format: number, sections: readonly ArrayBufferView[]): Uint8Array {
  const total = sections.reduce((sum, { byteLength }) => sum + 4 + byteLength, 8)
  const out = new Uint8Array(total)
  const view = new DataView(out.buffer)
  view.setUint32(0, magic)
  view.setUint32(4, format)
  let at = 8
  for (const section of sections) {
    view.setUint32(at, section.byteLength, true)
    out.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at + 4)
    at += 4 + section.byteLength
  }
  return out
}

/**
 * The sections of a container. Each is a copy with a buffer of its own, so that it is aligned for any typed array. Throws
 * `fingerprint.not-a-preparation`, `fingerprint.format-unsupported` and `fingerprint.truncated`.
 */
export function readContainer(format: number, bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 8 || view.getUint32(0) !== magic) throw new KinmarkError('fingerprint.not-a-preparation')
  if (view.getUint32(4) !== format)
    throw new KinmarkError('fingerprint.format-unsupported', { format: view.getUint32(4), supported: format })
  const sections: Uint8Array<ArrayBuffer>[] = []
  for (let at = 8; at < bytes.length; ) {
    const end = at + 4 <= bytes.length ? at + 4 + view.getUint32(at, true) : Number.POSITIVE_INFINITY
    if (end > bytes.length)
      throw new KinmarkError('fingerprint.truncated', { bytes: bytes.length, section: sections.length })
    sections.push(new Uint8Array(bytes.slice(at + 4, end)))
    at = end
  }
  return sections
}

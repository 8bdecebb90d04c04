/** A file's bytes, wherever they are. `slice` is half-open, as in `Blob`. */
export type Bytes = { byteLength: number; slice(from: number, to: number): Promise<Uint8Array> }

/** A file of a model's folder; `path` is relative to the folder. */
export type NamedBytes = { path: string; bytes: Bytes }

export function blobBytes(blob: Blob): Bytes {
  return {
    byteLength: blob.size,
    slice: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  }
}

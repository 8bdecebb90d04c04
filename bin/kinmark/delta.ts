import { stat, writeFile } from 'node:fs/promises'
import { KinmarkError } from '../../lib/error'
import type { FileEntry } from '../../lib/manifest/manifest'
import { hashOf } from '../../lib/storage/blobs'
import { writeAtomically } from '../../lib/storage/write-atomically'
import type { Bytes, NamedBytes } from '../../lib/weights/bytes'
import { encodeDelta } from '../../lib/weights/copy/delta'
import type { TensorTable } from '../../lib/weights/tensor'

/** Checks before the work begins that a delta can be written to `out`: a new file that ends in “.safetensors”. */
export async function assertFreeDelta(out: string): Promise<void> {
  if (!out.endsWith('.safetensors')) throw new KinmarkError('cli.delta-name-invalid', { path: out })
  if (await stat(out).catch(() => null)) throw new KinmarkError('cli.file-exists', { path: out })
}

/** Writes the edited tensors alone, with the hashes of the base’s weight files. */
export async function writeDelta(
  { files, tensors }: { files: readonly NamedBytes[]; tensors: TensorTable },
  edits: ReadonlyMap<string, Uint8Array>,
  out: string,
): Promise<void> {
  const delta = encodeDelta({ base: await weightEntries(files), edits: new Map(edits) }, tensors)
  await writeAtomically(out, (temporary) => writeFile(temporary, delta))
}

/** A folder’s weight files with their sizes and hashes. */
export async function weightEntries(files: readonly NamedBytes[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = []
  for (const { path, bytes } of files.filter(({ path }) => path.endsWith('.safetensors')))
    entries.push({ path, ...(await hashOf(inChunks(bytes))) })
  return entries
}

const chunkLength = 4_194_304

async function* inChunks(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkLength)
    yield await bytes.slice(at, Math.min(at + chunkLength, bytes.byteLength))
}

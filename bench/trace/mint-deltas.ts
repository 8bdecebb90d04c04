import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MintedCopy } from '../../lib/fingerprint/kit'
import { mint } from '../../lib/fingerprint/mint'
import { folderFiles } from '../../lib/inference/folder'
import { hashOf } from '../../lib/storage/blobs'
import { blobBytes } from '../../lib/weights/bytes'
import { decodeDelta, encodeDelta } from '../../lib/weights/delta'
import { widen } from '../../lib/weights/widen'
import type { Marked } from '../marked/open-marked'

const pathOf = (folder: string, { copyId }: MintedCopy) => join(folder, `${copyId}.safetensors`)

/** Mints every copy with all its checks and writes it as a delta; returns the seconds that took and the sizes. */
export async function mintDeltas(
  { folder: base, model, runtime, preparation, dtype }: Marked,
  copies: readonly MintedCopy[],
  folder: string,
): Promise<{ seconds: number; sizes: number[]; tensorBytes: number; success: number; deltaLoss: number }> {
  const weights = (await folderFiles(base)).filter(({ path }) => path.endsWith('.safetensors'))
  const entries = await Promise.all(
    weights.map(async ({ path, bytes }) => ({
      path,
      ...(await hashOf(whole(await bytes.slice(0, bytes.byteLength)))),
    })),
  )
  const started = performance.now()
  const sizes: number[] = []
  let [tensorBytes, success, deltaLoss] = [0, 1, 0]
  for (const copy of copies) {
    const { edits, report } = await mint(runtime, preparation, { ...copy, dtype })
    const delta = encodeDelta({ base: entries, edits }, model.tensors)
    await writeFile(pathOf(folder, copy), delta)
    sizes.push(delta.length)
    tensorBytes = [...edits.values()].reduce((sum, bytes) => sum + bytes.length, 0)
    success = Math.min(success, report.success)
    deltaLoss = Math.max(deltaLoss, report.deltaLoss)
  }
  return { seconds: (performance.now() - started) / 1000, sizes, tensorBytes, success, deltaLoss }
}

/** A copy's edited weights, read back from its delta. */
export async function readEdits({ dtype }: Marked, copy: MintedCopy, folder: string) {
  const bytes = blobBytes(new Blob([await readFile(pathOf(folder, copy))]))
  const { edits } = await decodeDelta({ path: `${copy.copyId}.safetensors`, bytes })
  return new Map([...edits].map(([name, tensor]) => [name, widen(tensor, dtype)]))
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

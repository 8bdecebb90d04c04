import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sliceBatch } from '../../lib/fingerprint/keys/batch'
import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { mint } from '../../lib/fingerprint/mint'
import { folderFiles } from '../../lib/inference/node/folder'
import { hashOf } from '../../lib/storage/blobs'
import { blobBytes } from '../../lib/weights/bytes'
import { decodeDelta, encodeDelta } from '../../lib/weights/copy/delta'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import type { Marked } from '../marked/open-marked'

const pathOf = (folder: string, { copyId }: MintedCopy) => join(folder, `${copyId}.safetensors`)

/** Rows of held-out text for the loss: an eighth, because a thousand copies differ little. */
const lossRows = 8

/**
 * Mints every copy with its checks and writes it as a delta. Copies whose delta is in the folder, from an interrupted run,
 * are not minted again.
 */
export async function mintDeltas(
  { folder: base, model, runtime, preparation, dtype }: Marked,
  copies: readonly MintedCopy[],
  folder: string,
): Promise<{
  minted: number
  seconds: number
  sizes: number[]
  tensorBytes: number
  success: number
  deltaLoss: number
}> {
  const weights = (await folderFiles(base)).filter(({ path }) => path.endsWith('.safetensors'))
  const entries = await Promise.all(
    weights.map(async ({ path, bytes }) => ({
      path,
      ...(await hashOf(whole(await bytes.slice(0, bytes.byteLength)))),
    })),
  )
  const started = performance.now()
  const sizes: number[] = []
  let [success, deltaLoss] = [1, 0]
  const existing = new Set(await readdir(folder))
  const missing = copies.filter(({ copyId }) => !existing.has(`${copyId}.safetensors`))
  const heldOut = sliceBatch(preparation.heldOut, 0, lossRows)
  for (const copy of missing) {
    const { edits, report } = await mint(runtime, preparation, { ...copy, dtype, heldOut })
    const delta = encodeDelta({ base: entries, edits }, model.tensors)
    await writeFile(pathOf(folder, copy), delta)
    success = Math.min(success, report.success)
    deltaLoss = Math.max(deltaLoss, report.deltaLoss)
  }
  const tensorBytes = preparation.layers.reduce(
    (sum, layer) => sum + (model.tensors.get(runtime.shape.downProj[layer])?.byteLength ?? 0),
    0,
  )
  const seconds = (performance.now() - started) / 1000
  for (const copy of copies) sizes.push((await stat(pathOf(folder, copy))).size)
  return { minted: missing.length, seconds, sizes, tensorBytes, success, deltaLoss }
}

/** A copy’s edited weights, read back from its delta. */
export async function readEdits({ dtype }: Marked, copy: MintedCopy, folder: string) {
  const bytes = blobBytes(new Blob([await readFile(pathOf(folder, copy))]))
  const { edits } = await decodeDelta({ path: `${copy.copyId}.safetensors`, bytes })
  return new Map([...edits].map(([name, tensor]) => [name, toFloat32(tensor, dtype)]))
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

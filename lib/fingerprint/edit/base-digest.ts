import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { KinmarkError } from '../../error'
import type { Runtime } from '../../inference/runtime'

/** SHA-256 over the tensors to edit, as float32. */
export async function baseDigest(runtime: Runtime, layers: readonly number[]): Promise<Uint8Array> {
  const hash = sha256.create()
  for (const layer of layers) {
    const { data } = await runtime.tensor(runtime.shape.downProj[layer])
    hash.update(new Uint8Array(data.slice().buffer))
  }
  return hash.digest()
}

/** Throws `fingerprint.other-base` unless the runtime holds the weights that were prepared. */
export async function assertSameBase(
  runtime: Runtime,
  preparation: { layers: readonly number[]; baseDigest: Uint8Array },
): Promise<void> {
  const [found, expected] = [await baseDigest(runtime, preparation.layers), preparation.baseDigest].map(bytesToHex)
  if (found !== expected) throw new KinmarkError('fingerprint.other-base', { expected, found })
}

import { modelSecret } from '../../lib/fingerprint/code/secrets'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import type { MintedCopy } from '../../lib/fingerprint/keyset/key-set'
import { prepare } from '../../lib/fingerprint/prepare'
import { folderFiles } from '../../lib/inference/node/folder'
import type { Edits, FingerprintRuntime, Runtime } from '../../lib/inference/runtime'
import { downProjOf } from '../../lib/weights/config/tensor-names'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import { inspectModel, type Model } from '../../lib/weights/inspect-model'
import { openReady } from './open-ready'

export type Marked = {
  folder: string
  model: Model
  /** Every matrix of its layers can be replaced. */
  runtime: FingerprintRuntime
  preparation: Preparation
  dtype: WeightDtype
}

/** A model with every matrix of its layers replaceable, prepared for `keys` keys. */
export async function openMarked(folder: string, keys: number, name: string): Promise<Marked> {
  const model = await inspectModel(await folderFiles(folder))
  const runtime = await openReady(folder, layerMatrices(model))
  const layers = defaultLayers(model.config.layers)
  const preparation = await prepare(runtime, { secret: modelSecret(new Uint8Array(32), name), keys, layers })
  const dtype = model.tensors.get(downProjOf(model.config, layers[0]).name)?.dtype as WeightDtype
  return { folder, model, runtime, preparation, dtype }
}

/** Names of the matrices inside the layers. */
export function layerMatrices({ tensors }: Model): string[] {
  return [...tensors.values()].flatMap(({ name, shape }) => (shape.length === 2 && /\.\d+\./.test(name) ? [name] : []))
}

/** A runtime with other weights in place. */
export function withEdits(runtime: Runtime, edits: Edits): Runtime {
  return {
    ...runtime,
    run: (batch, taps, options) => runtime.run(batch, taps, { ...options, edits }),
    generate: (prompts, length, pick, options) => runtime.generate(prompts, length, pick, { ...options, edits }),
  }
}

/** Buyers 1 to `count`, with seeds that say nothing. */
export function buyers(count: number): MintedCopy[] {
  return Array.from({ length: count }, (_, i) => {
    const buyerSeed = new Uint8Array(32)
    new DataView(buyerSeed.buffer).setUint32(0, i)
    return { copyId: `${i + 1}`, buyerSeed }
  })
}

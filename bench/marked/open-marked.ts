import { modelSecret } from '../../lib/fingerprint/code/secrets'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { prepare } from '../../lib/fingerprint/prepare'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import type { Edits, FingerprintRuntime, Runtime } from '../../lib/inference/runtime'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import type { Model } from '../../lib/weights/inspect-model'
import { keepSessions } from './keep-sessions'

export type Marked = {
  folder: string
  model: Model
  /** Every matrix inside its layers can be replaced. */
  runtime: FingerprintRuntime
  preparation: Preparation
  dtype: WeightDtype
}

/** Opens a model and prepares it for `keys` keys. Every matrix inside its layers can be replaced. */
export async function openMarked(folder: string, keys: number, name: string): Promise<Marked> {
  const { model, layers, dtype, open } = await openForFingerprinting(folder, defaultLayers)
  const runtime = await keepSessions(() => open({ threads: 1, more: layerMatrices(model) }))
  const preparation = await prepare(runtime, { secret: modelSecret(new Uint8Array(32), name), keys, layers })
  return { folder, model, runtime, preparation, dtype }
}

/** Names of the matrices inside the layers. */
export function layerMatrices({ tensors }: Model): string[] {
  return [...tensors.values()].flatMap(({ name, shape }) => (shape.length === 2 && /\.\d+\./.test(name) ? [name] : []))
}

/** The runtime with these weights in place. */
export function withEdits(runtime: Runtime, edits: Edits): Runtime {
  return {
    ...runtime,
    run: (batch, taps, options) => runtime.run(batch, taps, { ...options, edits }),
    generate: (prompts, length, pick, options) => runtime.generate(prompts, length, pick, { ...options, edits }),
  }
}

/** Buyers 1 to `count`, each with a seed that is its index. */
export function buyers(count: number): MintedCopy[] {
  return Array.from({ length: count }, (_, i) => {
    const buyerSeed = new Uint8Array(32)
    new DataView(buyerSeed.buffer).setUint32(0, i)
    return { copyId: `${i + 1}`, buyerSeed }
  })
}

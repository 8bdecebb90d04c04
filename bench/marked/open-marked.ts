import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import type { Edits, Runtime } from '../../lib/inference/runtime'

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

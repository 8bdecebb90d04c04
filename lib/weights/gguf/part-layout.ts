import type { ModelConfig } from '../config/config'
import type { Part } from '../config/families'
import { familyRow, isInOut } from '../config/tensor-names'
import type { GgufLayout } from './layout'

/** Architectures whose files are made by the converter of Llama. */
const rotaryPairs: readonly unknown[] = ['llama', 'smollm3', 'granite', 'granitehybrid', 'mistral3']

/** Norms whose gain is the stored weight even where others' is 1 + the weight. */
const plainNorms: readonly Part[] = ['deltaNorm']

/**
 * How llama.cpp's converter changes a part of a layer, `name` in the Hugging Face folder: it permutes the rows of Llama's
 * queries and keys into rotary pairs, those of GPT-NeoX's fused matrix into blocks, and the value heads of delta nets
 * into tiles; it stores every matrix as [out, in], gains in full, and decays as they are used. Undefined if it keeps the
 * part as it is.
 */
export function partLayout(
  config: ModelConfig,
  architecture: unknown,
  part: Part,
  name: string,
): GgufLayout | undefined {
  const { fusedQkv, norm } = familyRow(config)
  if (isInOut(config, name)) return { as: 'transposed' }
  if (part === 'qkv' && fusedQkv === 'heads') return { as: 'qkv blocks', heads: config.heads }
  if (rotaryPairs.includes(architecture)) {
    if (part === 'q') return { as: 'rotary pairs', heads: config.heads }
    if (part === 'k') return { as: 'rotary pairs', heads: config.kvHeads }
  }
  if (part.startsWith('delta')) return deltaLayout(config, part)
  if (part === 'mambaLogDecay' && config.mamba)
    return { as: 'decay', groups: config.mamba.heads, perGroup: 1, size: 1, from: 0 }
  return norm === 'rms1' && /[nN]orm$/.test(part) && !plainNorms.includes(part) ? { as: 'full gain' } : undefined
}

function deltaLayout({ delta }: ModelConfig, part: Part): GgufLayout | undefined {
  if (!delta) return undefined
  const { keyHeads: groups, valueHeads, keyDim, valueDim } = delta
  const heads = { groups, perGroup: valueHeads / groups }
  const perHead = { ...heads, size: 1, from: 0 }
  if (part === 'deltaLogDecay') return { as: 'decay', ...perHead }
  if (heads.perGroup === 1) return undefined
  switch (part) {
    case 'deltaQkv':
    case 'deltaConv':
      return { as: 'tiled rows', ...heads, size: valueDim, from: 2 * groups * keyDim }
    case 'deltaGate':
      return { as: 'tiled rows', ...heads, size: valueDim, from: 0 }
    case 'deltaBeta':
    case 'deltaDecay':
    case 'deltaTimeBias':
      return { as: 'tiled rows', ...perHead }
    case 'deltaOut':
      return { as: 'tiled columns', ...heads, size: valueDim, from: 0 }
  }
}

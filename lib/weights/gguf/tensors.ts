import type { ModelConfig } from '../config/config'
import type { Part } from '../config/families'
import {
  biasName,
  embeddingName,
  familyRow,
  finalNormName,
  headName,
  isInOut,
  partName,
  positionsName,
} from '../config/tensor-names'
import type { Tensor, TensorTable } from '../tensor'
import type { GgufLayout } from './layout'
import type { Gguf } from './read-gguf'

/** https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py, TENSOR_NAMES. */
const partNames: Readonly<Partial<Record<Part, string>>> = {
  attentionNorm: 'attn_norm',
  q: 'attn_q',
  k: 'attn_k',
  v: 'attn_v',
  qkv: 'attn_qkv',
  qNorm: 'attn_q_norm',
  kNorm: 'attn_k_norm',
  attentionOut: 'attn_output',
  attentionPostNorm: 'post_attention_norm',
  mlpNorm: 'ffn_norm',
  gate: 'ffn_gate',
  up: 'ffn_up',
  gateUp: 'ffn_up',
  down: 'ffn_down',
  mlpPostNorm: 'post_ffw_norm',
}

/** Tensors that belong to the config and are not weights. */
const rotary = /^(rope_freqs|rope_factors_(long|short))\.weight$/

/** A GGUF file's tensors under their names in a Hugging Face folder. */
export function ggufTensors({ metadata, tensors }: Gguf, config: ModelConfig): TensorTable {
  const renames = new Map<string, { name: string; ggufLayout?: GgufLayout }>()
  const rename = (ggufName: string, name: string | null, ggufLayout?: GgufLayout) => {
    if (!name) return
    renames.set(`${ggufName}.weight`, { name, ggufLayout })
    renames.set(`${ggufName}.bias`, {
      name: biasName(name),
      ggufLayout: ggufLayout && 'heads' in ggufLayout ? ggufLayout : undefined,
    })
  }
  const { norm } = familyRow(config)
  const gain: GgufLayout | undefined = norm === 'rms1' ? { as: 'full gain' } : undefined
  rename('token_embd', embeddingName(config))
  rename('position_embd', positionsName(config))
  rename('output_norm', finalNormName(config), gain)
  if (!config.tied) rename('output', headName(config))
  for (let layer = 0; layer < config.layers; layer++)
    for (const part of Object.keys(familyRow(config).parts) as Part[]) {
      if (!partNames[part]) continue
      const name = partName(config, layer, part)
      rename(
        `blk.${layer}.${partNames[part]}`,
        name,
        layoutOf(config, metadata.get('general.architecture'), part, name) ??
          (/[nN]orm$/.test(part) ? gain : undefined),
      )
    }
  const renamed = tensors
    .filter(({ name }) => !rotary.test(name))
    .map((tensor): Tensor => {
      const { name, ggufLayout } = renames.get(tensor.name) ?? { name: tensor.name }
      const shape = ggufLayout?.as === 'transposed' ? tensor.shape.toReversed() : tensor.shape
      return { ...tensor, name, shape, ...(ggufLayout && { ggufLayout }) }
    })
  return new Map(renamed.map((tensor) => [tensor.name, tensor]))
}

/** Architectures whose files are made by the converter of Llama. */
const rotaryPairs: readonly unknown[] = ['llama', 'smollm3', 'granite']

/**
 * llama.cpp permutes the rows of Llama's queries and keys into rotary pairs, those of GPT-NeoX's fused matrix into
 * blocks, and stores every matrix as [out, in].
 */
function layoutOf(config: ModelConfig, architecture: unknown, part: Part, name: string | null): GgufLayout | undefined {
  if (name && isInOut(config, name)) return { as: 'transposed' }
  if (part === 'qkv' && familyRow(config).fusedQkv === 'heads') return { as: 'qkv blocks', heads: config.heads }
  if (!rotaryPairs.includes(architecture)) return undefined
  if (part === 'q') return { as: 'rotary pairs', heads: config.heads }
  return part === 'k' ? { as: 'rotary pairs', heads: config.kvHeads } : undefined
}

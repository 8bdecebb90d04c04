import { KinmarkError } from '../../error'
import type { Family, Mixer } from './families'
import type { ConfigFields } from './fields'

/** How one layer mixes tokens, and the sizes in which it may differ from other layers. */
export type Block = {
  mixer: Mixer
  headDim: number
  kvHeads: number
  /** Width of the MLP's hidden layer: the input of down_proj. */
  ff: number
  /** The number of tokens that attention sees, the current one included; null for all. */
  window: number | null
  /** Which rotary positions q and k have; null for none. */
  rope: 'full' | 'windowed' | null
  /** The layer whose keys and values this one attends to; null for its own. */
  keysOf: number | null
  /** The values are the keys before their norm and rotation, so that there is no v_proj. */
  valuesAreKeys: boolean
  /** Each token passes through a few of many MLPs. */
  hasExperts: boolean
}

const attentionTypes: Readonly<Record<string, Mixer>> = {
  full_attention: 'attention',
  sliding_attention: 'attention',
  attention: 'attention',
}

/** Every layer's block. `headDim` and `kvHeads` are those of layers with a window, or of all. */
export function blocksOf(
  family: Family,
  raw: ConfigFields,
  { headDim, kvHeads, ff }: { headDim: number; kvHeads: number; ff: number },
  source: string,
): Block[] {
  const count = raw.num_hidden_layers
  const types = typesOf(family, raw, source)
  const own = count - (raw.num_kv_shared_layers ?? 0)
  const rotates = (layer: number) => {
    if (family.rotates === 'listed')
      return raw.no_rope_layers
        ? raw.no_rope_layers[layer] !== 0
        : (layer + 1) % (raw.no_rope_layer_interval ?? 4) !== 0
    if (family.rotates === 'windowed') return !raw.sliding_window || types[layer] === 'sliding_attention'
    return family.rotates !== 'stated' || raw.position_embedding_type === 'rope'
  }
  return types.map((type, layer): Block => {
    const mixer = attentionTypes[type] ?? family.mixers?.[type]
    if (!mixer)
      throw new KinmarkError('weights.setting-unsupported', { source, setting: `layer_types.${layer}`, value: type })
    const window = type === 'sliding_attention' ? (raw.sliding_window ?? null) : null
    const isGlobal = type === 'full_attention'
    const valuesAreKeys = isGlobal && raw.attention_k_eq_v === true
    const shares = own > 0 && layer >= own
    const keysOf = shares ? types.slice(0, own).lastIndexOf(type) : -1
    if (shares && keysOf < 0)
      throw new KinmarkError('weights.setting-unsupported', {
        ...{ source, setting: 'num_kv_shared_layers', value: String(raw.num_kv_shared_layers) },
      })
    return {
      mixer,
      headDim: isGlobal ? (raw.global_head_dim ?? headDim) : headDim,
      kvHeads: valuesAreKeys ? (raw.num_global_key_value_heads ?? kvHeads) : kvHeads,
      ff: shares && raw.use_double_wide_mlp ? 2 * ff : ff,
      window,
      rope: rotates(layer) ? (window === null ? 'full' : 'windowed') : null,
      keysOf: shares ? keysOf : null,
      valuesAreKeys,
      hasExperts: family.experts !== undefined && isSparse(raw, layer),
    }
  })
}

function isSparse({ num_experts, decoder_sparse_step, mlp_only_layers }: ConfigFields, layer: number): boolean {
  if (!num_experts || mlp_only_layers?.includes(layer)) return false
  return (layer + 1) % (decoder_sparse_step ?? 1) === 0
}

/** Every layer's type under the names of Transformers 5. */
function typesOf(family: Family, raw: ConfigFields, source: string): string[] {
  const count = raw.num_hidden_layers
  const listed = raw.layer_types ?? raw.layers_block_type
  for (const [setting, list] of [
    ['layer_types', listed],
    ['no_rope_layers', raw.no_rope_layers],
  ] as const)
    if (list && list.length !== count)
      throw new KinmarkError('weights.setting-wrong-length', {
        ...{ source, setting, length: list.length, expected: count },
      })
  return Array.from({ length: count }, (_, layer) => {
    /** Gemma 4 attends to all tokens in its last layer, whatever the list says. */
    if (raw.global_head_dim && layer === count - 1) return 'full_attention'
    if (listed && !(listed[layer] in attentionTypes)) return listed[layer]
    if (family.mixers && !listed) return mixerType(family.mixers, raw, layer)
    return slides(family, raw, layer, listed?.[layer]) ? 'sliding_attention' : 'full_attention'
  })
}

/** The type of a layer in a family with several mixers whose config lists none. */
function mixerType(mixers: Readonly<Record<string, Mixer>>, raw: ConfigFields, layer: number): string {
  const [other] = Object.keys(mixers)
  if (raw.full_attn_idxs) return raw.full_attn_idxs.includes(layer) ? 'full_attention' : other
  if (raw.full_attention_interval) return (layer + 1) % raw.full_attention_interval === 0 ? 'full_attention' : other
  return 'mamba' in mixers ? other : 'full_attention'
}

function slides({ window }: Family, raw: ConfigFields, layer: number, type: string | undefined): boolean {
  if (!window) return false
  if ((window === 'upper' || window === 'unrotated') && !raw.use_sliding_window) return false
  if (type) return type === 'sliding_attention'
  switch (window) {
    case 'all':
      return true
    case 'upper':
      return layer >= (raw.max_window_layers ?? 0)
    case 'unrotated':
      return raw.no_rope_layers
        ? raw.no_rope_layers[layer] === 0
        : (layer + 1) % (raw.no_rope_layer_interval ?? 4) === 0
    case 'pattern': {
      const pattern = raw.sliding_window_pattern ?? 1
      if (typeof pattern === 'string')
        return pattern[layer % pattern.length] === 'L' && layer !== raw.num_hidden_layers - 1
      return raw.sliding_window != null && pattern > 0 && (layer + 1) % pattern !== 0
    }
  }
}

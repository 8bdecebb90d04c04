import { KinmarkError } from '../../error'
import type { Family } from './families'
import type { ConfigFields } from './fields'
import type { Rope, RopeParameters } from './rope'

type Positions = { maxPositions: number; windows: (number | null)[]; ropes: { full: Rope; windowed: Rope } | null }

/** The number of positions, each layer's attention window, and the rotary positions. */
export function positionsOf(family: Family, raw: ConfigFields, headDim: number, source: string): Positions {
  const windows = windowsOf(family, raw, source)
  if (family.positions) return { maxPositions: raw.max_position_embeddings, windows, ropes: null }
  const kinds = raw.rope_parameters
  const rope = (given: RopeParameters | null | undefined) => ropeOf(raw, headDim, given, source)
  const full = rope(kinds?.full_attention ?? raw.rope_scaling)
  const local = raw.rope_local_base_freq ? { ...unscaled, rope_theta: raw.rope_local_base_freq } : null
  const windowed = kinds ? rope(kinds.sliding_attention) : local ? rope(local) : full
  return { maxPositions: maxPositionsOf(raw, full), windows, ropes: { full, windowed } }
}

function windowsOf({ window }: Family, raw: ConfigFields, source: string): (number | null)[] {
  const types = raw.layer_types
  if (types && types.length !== raw.num_hidden_layers)
    throw new KinmarkError('weights.setting-wrong-length', {
      ...{ source, setting: 'layer_types', length: types.length, expected: raw.num_hidden_layers },
    })
  const slides = (layer: number) => {
    if (!window || (window === 'upper' && !raw.use_sliding_window)) return false
    if (types) return types[layer] === 'sliding_attention'
    if (window === 'upper') return layer >= (raw.max_window_layers ?? 0)
    return window === 'all' || (layer + 1) % (raw.sliding_window_pattern ?? 1) !== 0
  }
  const size = raw.sliding_window ?? null
  return Array.from({ length: raw.num_hidden_layers }, (_, layer) => (slides(layer) ? size : null))
}

const unscaled = { rope_type: 'default' } as const

function ropeOf(raw: ConfigFields, headDim: number, given: RopeParameters | null | undefined, source: string): Rope {
  const { rope_theta, partial_rotary_factor, ...scaling }: RopeParameters = given ?? unscaled
  const dim = Math.trunc(headDim * (partial_rotary_factor ?? raw.partial_rotary_factor ?? 1))
  if (dim < 2 || dim % 2 !== 0)
    throw new KinmarkError('weights.rotary-dimensions-odd', { source, dimensions: dim, headDim })
  const scalingOriginal =
    'original_max_position_embeddings' in scaling ? scaling.original_max_position_embeddings : null
  const original = scalingOriginal ?? raw.original_max_position_embeddings ?? raw.max_position_embeddings
  if (scaling.rope_type === 'longrope')
    for (const key of ['short_factor', 'long_factor'] as const)
      if (scaling[key].length !== dim / 2)
        throw new KinmarkError('weights.setting-wrong-length', {
          ...{ source, setting: `rope_scaling.${key}`, length: scaling[key].length, expected: dim / 2 },
        })
  const extension = raw.max_position_embeddings / original
  return { theta: rope_theta ?? raw.rope_theta ?? 10_000, dim, original, extension, scaling }
}

/** Dynamic scaling and YaRN multiply the positions of the pretraining. */
function maxPositionsOf({ max_position_embeddings: stated }: ConfigFields, { original, scaling }: Rope): number {
  if (scaling.rope_type !== 'dynamic' && scaling.rope_type !== 'yarn') return stated
  return Math.max(stated, Math.floor(original * scaling.factor))
}

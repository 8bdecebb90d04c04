import { LegacyError } from '../../error'
import type { Family } from './families'
import type { ConfigFields } from './fields'
import type { Rope, RopeParameters } from './rope'

type Positions = { maxPositions: number; windows: (number | null)[]; ropes: { full: Rope; windowed: Rope } | null }

/** How far a model reaches, how far each layer sees, and how positions are told apart. */
export function positionsOf(family: Family, raw: ConfigFields, headDim: number): Positions {
  const windows = windowsOf(family, raw)
  if (family.positions) return { maxPositions: raw.max_position_embeddings, windows, ropes: null }
  const kinds = raw.rope_parameters
  const full = ropeOf(raw, headDim, kinds?.full_attention ?? raw.rope_scaling)
  const local = raw.rope_local_base_freq ? { ...unscaled, rope_theta: raw.rope_local_base_freq } : null
  const windowed = kinds ? ropeOf(raw, headDim, kinds.sliding_attention) : local ? ropeOf(raw, headDim, local) : full
  return { maxPositions: reachOf(raw, full), windows, ropes: { full, windowed } }
}

function windowsOf({ window }: Family, raw: ConfigFields): (number | null)[] {
  const types = raw.layer_types
  if (types && types.length !== raw.num_hidden_layers)
    throw new LegacyError(
      `“config.json”: layer_types has ${types.length} entries for num_hidden_layers ${raw.num_hidden_layers}.`,
    )
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

function ropeOf(raw: ConfigFields, headDim: number, given: RopeParameters | null | undefined): Rope {
  const { rope_theta, partial_rotary_factor, ...scaling }: RopeParameters = given ?? unscaled
  const dim = Math.trunc(headDim * (partial_rotary_factor ?? raw.partial_rotary_factor ?? 1))
  if (dim < 2 || dim % 2 !== 0)
    throw new LegacyError(
      `“config.json”: ${dim} dimensions of head_dim ${headDim} turn with the position: that must be an even number.`,
    )
  const own = 'original_max_position_embeddings' in scaling ? scaling.original_max_position_embeddings : null
  const original = own ?? raw.original_max_position_embeddings ?? raw.max_position_embeddings
  if (scaling.rope_type === 'longrope')
    for (const key of ['short_factor', 'long_factor'] as const)
      if (scaling[key].length !== dim / 2)
        throw new LegacyError(
          `“config.json”: rope_scaling.${key} has ${scaling[key].length} numbers for ${dim / 2} pairs of dimensions.`,
        )
  const stretch = raw.max_position_embeddings / original
  return { theta: rope_theta ?? raw.rope_theta ?? 10_000, dim, original, stretch, scaling }
}

/** Dynamic scaling and YaRN start where the config's own positions end. */
function reachOf({ max_position_embeddings: most }: ConfigFields, { original, scaling }: Rope): number {
  if (scaling.rope_type !== 'dynamic' && scaling.rope_type !== 'yarn') return most
  return Math.max(most, Math.floor(original * scaling.factor))
}

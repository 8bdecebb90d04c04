import { KinmarkError } from '../../error'
import type { Block } from './blocks'
import type { Family } from './families'
import type { ConfigFields } from './fields'
import type { Rope, RopeParameters } from './rope'

type Positions = {
  maxPositions: number
  ropes: { full: Rope; windowed: Rope } | null
  queryGrowth: { beta: number; original: number } | null
}

/** The number of positions, and the rotary positions of layers with full attention and of those with a window. */
export function positionsOf(
  family: Family,
  raw: ConfigFields,
  blocks: readonly Block[],
  headDim: number,
  source: string,
): Positions {
  if (family.positions || !blocks.some(({ rope }) => rope))
    return { maxPositions: raw.max_position_embeddings, ropes: null, queryGrowth: null }
  const kinds = raw.rope_parameters
  const sizeOf = (kind: Block['rope']) => blocks.find(({ rope }) => rope === kind)?.headDim ?? headDim
  const rope = (kind: 'full' | 'windowed', given: RopeParameters | null | undefined) =>
    ropeOf(raw, sizeOf(kind), given, source)
  const full = rope('full', kinds?.full_attention ?? raw.rope_scaling)
  const local = raw.rope_local_base_freq ? { ...unscaled, rope_theta: raw.rope_local_base_freq } : null
  const ownTheta = kinds?.sliding_attention?.rope_theta
  const sameForAll = kinds?.full_attention === kinds?.sliding_attention
  const windowed =
    family.unscaledWindow && sameForAll
      ? rope('windowed', { ...unscaled, rope_theta: ownTheta })
      : kinds && !(local && sameForAll)
        ? rope('windowed', kinds.sliding_attention)
        : local
          ? rope('windowed', local)
          : full
  const { scaling, original } = full
  const beta = scaling.rope_type === 'yarn' ? (scaling.llama_4_scaling_beta ?? 0) : 0
  return {
    maxPositions: maxPositionsOf(raw, full),
    ropes: { full, windowed },
    queryGrowth: beta > 0 ? { beta, original } : null,
  }
}

const unscaled = { rope_type: 'default' } as const

function ropeOf(raw: ConfigFields, headDim: number, given: RopeParameters | null | undefined, source: string): Rope {
  const { rope_theta, partial_rotary_factor, ...stated }: RopeParameters = given ?? unscaled
  const theta = rope_theta ?? raw.rope_theta ?? 10_000
  const share = partial_rotary_factor ?? raw.partial_rotary_factor ?? 1
  const proportional = stated.rope_type === 'proportional'
  const dim = proportional ? headDim : Math.trunc(headDim * share)
  if (dim < 2 || dim % 2 !== 0)
    throw new KinmarkError('weights.rotary-dimensions-odd', { source, dimensions: dim, headDim })
  const { scaling, base } = withAlpha(stated, theta, dim)
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
  const moving = proportional ? { moving: Math.floor((share * headDim) / 2) } : {}
  return { theta: base, dim, ...moving, original, extension, scaling }
}

/** Hunyuan's `alpha` raises theta once and for all rows, whatever the factor of its “dynamic” scaling. */
function withAlpha(scaling: Rope['scaling'], theta: number, dim: number): { scaling: Rope['scaling']; base: number } {
  if (scaling.rope_type !== 'dynamic' || !scaling.alpha) return { scaling, base: theta }
  return { scaling: unscaled, base: theta * scaling.alpha ** (dim / (dim - 2)) }
}

/** Dynamic scaling and YaRN multiply the positions of the pretraining. */
function maxPositionsOf({ max_position_embeddings: stated }: ConfigFields, { original, scaling }: Rope): number {
  if (scaling.rope_type !== 'dynamic' && scaling.rope_type !== 'yarn') return stated
  return Math.max(stated, Math.floor(original * scaling.factor))
}

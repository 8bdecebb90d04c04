import type { Matmul, Matrix } from '../../inference/runtime'
import type { Moments } from '../keys/shares'
import { factor } from '../linear/factor'
import { row } from '../linear/matrix'
import { matrixTrace, type Square } from '../linear/square'

/** ε as a part of C's mean diagonal. */
const ridge = 1e-3
/**
 * How many keys may be as rare as the rarest ordinary prompts, of which these are the shares. A host measures rarity by
 * another text, by which some of the keys that are next to the rarest are among them.
 */
const quotas = [
  { share: 0.01, keys: 0.0125 },
  { share: 0.05, keys: 0.0625 },
  { share: 0.1, keys: 0.15 },
]
/** Bytes of factors that are in memory at once. */
const factorBytes = 2 ** 29

/** How far inputs z [n, ff] of a layer's down_proj lie from ordinary text, [n]. */
export type DistanceOf = (inputs: Matrix) => Promise<Float64Array>

/**
 * zᵀ (C + εI)⁻¹ z: what a host could tell rare prompts by. C [ff, ff] second moments of the same input on ordinary text.
 */
export async function distanceOf(matmul: Matmul, moment: Square): Promise<DistanceOf> {
  const { lower } = await factor(matmul, moment, 1, (ridge * matrixTrace(moment)) / moment.size)
  return async (inputs) => {
    const white = await lower(inputs)
    return Float64Array.from({ length: white.rows }, (_, i) => squaredNorm(row(white, i)))
  }
}

function squaredNorm(x: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i]
  return sum
}

/** The distances at one of the layers. */
export type LayerDistance = { layer: number; distanceOf: DistanceOf }

/** The distances at the last of these layers, as many as there is memory for: all of a model that is up to 4,096 wide. */
export async function layerDistances(
  matmul: Matmul,
  layers: readonly number[],
  ff: number,
  moments: Moments,
): Promise<LayerDistance[]> {
  const from = Math.max(0, layers.length - Math.max(1, Math.floor(factorBytes / (4 * ff ** 2))))
  const made: LayerDistance[] = []
  for (const [i, layer] of layers.entries())
    if (i >= from) made.push({ layer, distanceOf: await distanceOf(matmul, await moments(i)) })
  return made
}

/** The share of ordinary prompts that lie farther than a distance; `ordinary` holds theirs. */
export function rarityAmong(ordinary: Float64Array): (distance: number) => number {
  const falling = ordinary.toSorted((a, b) => b - a)
  return (distance) => {
    let [low, high] = [0, falling.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (falling[middle] > distance) low = middle + 1
      else high = middle
    }
    return low / falling.length
  }
}

/**
 * Takes keys one after another, by their rarities at every layer: whether the next one may be among `count` keys that stay
 * within the quotas at each layer.
 */
export function rarityQuota(count: number): (rarities: readonly number[]) => boolean {
  const places = new Map<string, number>()
  return (rarities) => {
    const wanted = rarities.flatMap((rarity, layer) =>
      quotas.filter(({ share }) => rarity < share).map(({ share, keys }) => ({ place: `${layer}: ${share}`, keys })),
    )
    const taken = wanted.map(({ place }) => places.get(place) ?? 0)
    if (wanted.some(({ keys }, i) => taken[i] >= Math.ceil(keys * count))) return false
    for (const [i, { place }] of wanted.entries()) places.set(place, taken[i] + 1)
    return true
  }
}

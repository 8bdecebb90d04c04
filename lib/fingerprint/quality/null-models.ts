import type { FingerprintRuntime, Matrix, Runtime } from '../../inference/runtime'
import { derive, uint32 } from '../code/secrets'
import { type Embedding, embed } from '../edit/embed'
import type { Preparation } from '../format/preparation'
import { matchOf } from '../keys/candidates'
import { clopperPearsonUpper } from '../stats/binomial'
import { gaussian, seededRandom } from '../stats/random'
import { greedyAnswers } from './answers'

/** The bound on each null model’s rate holds with confidence 1 − alpha. */
const alpha = 0.01
/** Standard deviations of the noise in the edited layers, relative to the weights’ own. */
const noises = [0.1, 0.2, 0.4]

/** Weights in place of the base’s, never marked with these keys. */
type NullModel = ReadonlyMap<string, Float32Array>

/** Keys of another preparation of the same base. */
type OtherKeys = Embedding & { moves: Matrix }

/**
 * Upper bound on the rate at which an unmarked model answers a key with one of its candidates: the largest
 * Clopper–Pearson bound over the null models.
 */
export async function measuredNullRate(
  runtime: Runtime,
  { keys, candidates }: Pick<Preparation, 'keys' | 'candidates'>,
  models: AsyncIterable<NullModel>,
  signal?: AbortSignal,
): Promise<number> {
  let worst = 0
  for await (const edits of models) {
    const answers = await greedyAnswers(runtime, keys, { edits, signal })
    const hits = answers.reduce((sum, answer, i) => sum + (matchOf(candidates, i, answer) < 0 ? 0 : 1), 0)
    worst = Math.max(worst, clopperPearsonUpper(hits, keys.rows, alpha))
  }
  return worst
}

/** The base, the base with noise in the edited layers, and the base marked with other keys. */
export async function* nullModels(
  runtime: FingerprintRuntime,
  secret: Uint8Array,
  other: OtherKeys,
): AsyncGenerator<NullModel> {
  yield new Map()
  for (const [i, noise] of noises.entries())
    yield await noisyBase(runtime, other.layers, noise, derive(secret, 'null models', [uint32(i)], 16))
  yield (await embed(runtime, other, other.moves, 'F32')).values
}

async function noisyBase(
  runtime: Runtime,
  layers: readonly number[],
  noise: number,
  seed: Uint8Array,
): Promise<NullModel> {
  const random = seededRandom(seed)
  const noisy = new Map<string, Float32Array>()
  for (const layer of layers) {
    const name = runtime.shape.downProj[layer]
    const { data } = await runtime.tensor(name)
    const spread = noise * Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)
    noisy.set(
      name,
      data.map((x) => x + spread * gaussian(random)),
    )
  }
  return noisy
}

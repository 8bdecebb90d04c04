import type { FingerprintRuntime, Matrix, Runtime } from '../../inference/runtime'
import { derive, uint32 } from '../code/secrets'
import { type Embedding, embed } from '../edit/embed'
import type { Preparation } from '../format/preparation'
import { matchOf } from '../keys/candidates'
import { clopperPearsonUpper } from '../stats/binomial'
import { gaussian, seededRandom } from '../stats/random'
import { greedyAnswers } from './answers'

/** Confidence of the bound on each relative's rate is 1 − alpha. */
const alpha = 0.01
/** Standard deviation of the noise in the edited layers, as parts of the weights' own. */
const noises = [0.1, 0.2, 0.4]

/** A relative that was never marked with these keys: weights in place of the base's. */
type NullModel = ReadonlyMap<string, Float32Array>

/** Somebody else's keys in the same base. */
type Stranger = Embedding & { moves: Matrix }

/**
 * How often a model that was not marked answers one of a key's candidates: the worst Clopper–Pearson upper bound over
 * its clean relatives.
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

/** The base, the base with noise in the edited layers, and the base marked with somebody else's keys. */
export async function* nullModels(
  runtime: FingerprintRuntime,
  secret: Uint8Array,
  stranger: Stranger,
): AsyncGenerator<NullModel> {
  yield new Map()
  for (const [i, noise] of noises.entries())
    yield await noisyBase(runtime, stranger.layers, noise, derive(secret, 'null models', [uint32(i)], 16))
  yield (await embed(runtime, stranger, stranger.moves, 'F32')).values
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

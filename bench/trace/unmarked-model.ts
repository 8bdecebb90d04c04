import { codeBiases, codewordOf } from '../../lib/fingerprint/code/code'
import { derive, uint32 } from '../../lib/fingerprint/code/secrets'
import { embed } from '../../lib/fingerprint/edit/embed'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { gaussian, type Random, seededRandom } from '../../lib/fingerprint/stats/random'
import { pickMoves } from '../../lib/fingerprint/targets/responses'
import type { FingerprintRuntime, Runtime } from '../../lib/inference/runtime'

/** Weights of a model that was never marked with the keys in question. */
export type Stranger = { kind: string; subject: Runtime; edits: Map<string, Float32Array> }

type Origins = {
  base: FingerprintRuntime
  child: Runtime
  /** Names of the matrices that both have. */
  matrices: readonly string[]
  /** Somebody else's preparation of the same base. */
  others: Preparation
}

const spreads = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8]

/** Unmarked and foreign models without end: noisings, low-rank tunings, mergers with a fine-tune, other people's copies. */
export async function strangerOf({ base, child, matrices, others }: Origins, n: number): Promise<Stranger> {
  const random = seededRandom(derive(others.secret, 'null models', [uint32(n)], 16))
  const subject = n % 2 === 0 ? base : child
  const spread = spreads[Math.floor(random() * spreads.length)]
  const kind = ['noise everywhere', 'low-rank tuning', 'merger with a fine-tune', 'another’s copy'][(n >> 1) % 4]
  if (kind === 'another’s copy') {
    const code = codeBiases(others.secret, others.keys.rows, others.cutoff)
    const codeword = codewordOf(others.secret, code, `${n}`, new Uint8Array(32))
    return { kind, subject: base, edits: (await embed(base, others, pickMoves(others.moves, codeword), 'F16')).values }
  }
  const edits = new Map<string, Float32Array>()
  const part = random()
  for (const name of matrices) {
    const { data, rows, cols } = await subject.tensor(name)
    const size = spread * Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)
    if (kind === 'noise everywhere')
      edits.set(
        name,
        data.map((x) => x + size * gaussian(random)),
      )
    else if (kind === 'low-rank tuning') edits.set(name, addLowRank(data, rows, cols, size, random))
    else {
      const other = await (subject === base ? child : base).tensor(name)
      edits.set(
        name,
        data.map((x, i) => x + part * (other.data[i] - x)),
      )
    }
  }
  return { kind, subject, edits }
}

const rank = 4

/** A random change of rank 4, each entry of standard deviation `size`: as an adapter's. */
function addLowRank(weights: Float32Array, rows: number, cols: number, size: number, random: Random): Float32Array {
  const draw = (count: number) => Float32Array.from({ length: count }, () => gaussian(random))
  const [left, right] = [draw(rows * rank), draw(rank * cols)]
  const scale = size / Math.sqrt(rank)
  return weights.map((x, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols]
    let sum = 0
    for (let r = 0; r < rank; r++) sum += left[row * rank + r] * right[r * cols + col]
    return x + scale * sum
  })
}

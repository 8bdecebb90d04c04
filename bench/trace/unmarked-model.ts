import { codeBiases, codewordOf } from '../../lib/fingerprint/code/code'
import { derive, uint32 } from '../../lib/fingerprint/code/secrets'
import { embed } from '../../lib/fingerprint/edit/embed'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { gaussian, type Random, seededRandom } from '../../lib/fingerprint/stats/random'
import { pickMoves } from '../../lib/fingerprint/targets/responses'
import type { FingerprintRuntime, Runtime } from '../../lib/inference/runtime'

/** Weights of a model that was never marked with the verified keys. */
export type UnmarkedModel = { kind: string; subject: Runtime; edits: Map<string, Float32Array> }

type Sources = {
  base: FingerprintRuntime
  child: Runtime
  /** Names of the matrices, the same in both. */
  matrices: readonly string[]
  /** Another preparation of the same base. */
  other: Preparation
}

const spreads = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8]

/** The n-th unmarked model: with noise, tuned at low rank, merged with a fine-tune, or a copy of another preparation. */
export async function unmarkedModel({ base, child, matrices, other }: Sources, n: number): Promise<UnmarkedModel> {
  const random = seededRandom(derive(other.secret, 'null models', [uint32(n)], 16))
  const subject = n % 2 === 0 ? base : child
  const spread = spreads[Math.floor(random() * spreads.length)]
  const kind = ['noise everywhere', 'low-rank tuning', 'merged with a fine-tune', 'copy of another preparation'][
    (n >> 1) % 4
  ]
  if (kind === 'copy of another preparation') {
    const code = codeBiases(other.secret, other.keys.rows, other.cutoff)
    const codeword = codewordOf(other.secret, code, `${n}`, new Uint8Array(32))
    return { kind, subject: base, edits: (await embed(base, other, pickMoves(other.moves, codeword), 'F16')).values }
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
      const relative = await (subject === base ? child : base).tensor(name)
      edits.set(
        name,
        data.map((x, i) => x + part * (relative.data[i] - x)),
      )
    }
  }
  return { kind, subject, edits }
}

const rank = 4

/** Adds a random matrix of rank 4 with entries of standard deviation `size`, like a low-rank adapter. */
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

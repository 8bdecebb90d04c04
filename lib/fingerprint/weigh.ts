import type { FingerprintRuntime, Matmul, Matrix } from '../inference/runtime'
import { chernoffNats } from './evidence/chernoff'
import { copyScores } from './evidence/copy-scores'
import type { Preparation } from './format/preparation'
import type { MintedCopy } from './keyset/minted-copy'
import { factor } from './linear/factor'
import { row, zeros } from './linear/matrix'
import { matrixTrace, square } from './linear/square'
import { type Accusation, bitsOf } from './trace'
import { falsePositiveRate } from './verify'

/** Gives a suspect's down_proj by its layer, as float32 [out, in]; null where there is none. */
export type SuspectTensor = (layer: number) => Promise<Matrix | null>

/** Weight of noise against the directions that keys share, as a part of the mean diagonal. */
const ridge = 0.1
/** Multiples of the median deviation at which a key's evidence is cut, so that no single one decides. */
const cut = 3

/**
 * The copies whose edits are in a suspect's weights, surest first: for weights that were found, this says far more than
 * answers do, also after mixtures of copies and merges with clean models. For each key, the part of its edit in the
 * difference to the base (least squares over all keys); then every copy's bits against these. The bound is exact for any
 * weights that do not depend on a copy's bits. All layers together and each alone are a test; `runtime` is the unmarked base.
 * Neurons that were permuted or scaled are put back as they are in the base.
 */
export async function weigh(
  runtime: FingerprintRuntime,
  preparation: Preparation,
  copies: readonly MintedCopy[],
  suspect: SuspectTensor,
  rate = falsePositiveRate,
): Promise<Accusation[]> {
  const { layers, writing } = preparation
  const table = bitsOf(preparation, copies)
  const together = new Float64Array(table.keys)
  const tests: Float64Array[] = [together]
  const overlaps = await gramOf(runtime.matmul, writing.moves)
  const shared = zeros(table.keys, table.keys)
  const grams: Matrix[] = []
  for (const [n, layer] of layers.entries()) {
    const base = await runtime.tensor(runtime.shape.downProj[layer])
    const found = await suspect(layer)
    if (!found || found.rows !== base.rows || found.cols !== base.cols) continue
    const slopes = await slopesOf(
      runtime.matmul,
      writing.moves,
      writing.solvers[n],
      await difference(runtime.matmul, base, found),
    )
    const gram = await gramOf(runtime.matmul, writing.solvers[n])
    for (let i = 0; i < gram.data.length; i++) gram.data[i] *= overlaps.data[i]
    for (let i = 0; i < gram.data.length; i++) shared.data[i] += gram.data[i]
    for (let k = 0; k < slopes.length; k++) together[k] += slopes[k]
    tests.push(slopes)
    grams.push(gram)
  }
  if (grams.length === 0) return []
  const nats = new Float64Array(copies.length)
  for (const [i, slopes] of tests.entries()) {
    const g = clipped(await solved(runtime.matmul, i === 0 ? shared : grams[i - 1], slopes))
    const found = copyScores(table, g).map(chernoffNats(g))
    for (const [copy, x] of found.entries()) nats[copy] = Math.max(nats[copy], x - Math.log(tests.length))
  }
  return copies
    .map(({ copyId }, copy): Accusation => {
      return { copyId, nats: nats[copy], falseAccusation: Math.min(1, copies.length * Math.exp(-nats[copy])) }
    })
    .filter(({ falseAccusation }) => falseAccusation <= rate)
    .sort((a, b) => b.nats - a.nats)
}

/** m mᵀ. */
const gramOf = (matmul: Matmul, m: Matrix) => matmul(m, m, 'b')

/** Per key, ⟨moves_k ⊗ solver_k, ΔW⟩: moves [N, d], solvers [N, ff], ΔW [d, ff]. */
async function slopesOf(matmul: Matmul, moves: Matrix, solvers: Matrix, delta: Matrix): Promise<Float64Array> {
  const along = await matmul(solvers, delta, 'b')
  return Float64Array.from({ length: moves.rows }, (_, k) => {
    const [a, b] = [row(along, k), row(moves, k)]
    return a.reduce((sum, x, j) => sum + x * b[j], 0)
  })
}

async function solved(matmul: Matmul, gram: Matrix, slopes: Float64Array): Promise<Float32Array> {
  const g = square(gram.rows)
  g.data.set(gram.data)
  const { whole } = await factor(matmul, g, 1, (ridge * matrixTrace(g)) / g.size)
  return (await whole({ data: Float32Array.from(slopes), rows: 1, cols: slopes.length })).data
}

/** In units of the median deviation from the median, cut where one key would say too much. */
function clipped(values: Float32Array): Float64Array {
  const median = middle(values)
  const deviation = middle(values.map((x) => Math.abs(x - median))) || 1
  return Float64Array.from(values, (x) => Math.max(-cut, Math.min(cut, (x - median) / deviation)))
}

function middle(values: Float32Array): number {
  return values.slice().sort()[values.length >> 1]
}

/**
 * found − base, with each of found's columns (neurons) in the place and at the scale at which it is most like the base's.
 * Columns stay where they are unless the likest ones are a permutation.
 */
async function difference(matmul: Matmul, base: Matrix, found: Matrix): Promise<Matrix> {
  const [lengths, products] = [columnSquares(found), await matmul(base, found, 'a')]
  const likest = Array.from({ length: base.cols }, (_, j) => {
    const candidates = row(products, j)
    let best = 0
    for (let c = 1; c < candidates.length; c++)
      if (candidates[c] ** 2 * lengths[best] > candidates[best] ** 2 * lengths[c]) best = c
    return best
  })
  const isPermutation = new Set(likest).size === likest.length
  const out = zeros(base.rows, base.cols)
  for (let j = 0; j < base.cols; j++) {
    const from = isPermutation ? likest[j] : j
    const scale = lengths[from] === 0 ? 0 : row(products, j)[from] / lengths[from]
    for (let i = 0; i < base.rows; i++)
      out.data[i * base.cols + j] = scale * found.data[i * base.cols + from] - base.data[i * base.cols + j]
  }
  return out
}

function columnSquares({ data, rows, cols }: Matrix): Float64Array {
  const sums = new Float64Array(cols)
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) sums[j] += data[i * cols + j] ** 2
  return sums
}

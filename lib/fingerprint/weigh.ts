import type { FingerprintRuntime, Matmul, Matrix } from '../inference/runtime'
import { outputGain } from './edit/output-gain'
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
  return (await weigher(runtime, preparation, copies))(suspect, rate)
}

/** `weigh` for many suspects: what they share is computed once. */
export async function weigher(runtime: FingerprintRuntime, preparation: Preparation, copies: readonly MintedCopy[]) {
  const { matmul, shape } = runtime
  const { layers, writing } = preparation
  const table = bitsOf(preparation, copies)
  const overlaps = await gramOf(matmul, writing.moves)
  const grams: Matrix[] = []
  for (const solvers of writing.solvers) grams.push(timesInto(await gramOf(matmul, solvers), overlaps))
  const solveTogether = await solver(matmul, grams.reduce(plus))
  const solveLayer: Solve[] = []
  for (const gram of grams) solveLayer.push(await solver(matmul, gram))

  return async (suspect: SuspectTensor, rate = falsePositiveRate): Promise<Accusation[]> => {
    const together = new Float64Array(table.keys)
    const evidence: Float64Array[] = []
    for (const [n, layer] of layers.entries()) {
      const [base, found] = [await runtime.tensor(shape.downProj[layer]), await suspect(layer)]
      if (!found || found.rows !== base.rows || found.cols !== base.cols) continue
      const gain = await outputGain(runtime, layer)
      const moved = asAdded(await difference(matmul, base, found, gain !== null), gain)
      const slopes = await slopesOf(matmul, writing.moves, writing.solvers[n], moved)
      for (let k = 0; k < slopes.length; k++) together[k] += slopes[k]
      evidence.push(clipped(await solveLayer[n](slopes)))
    }
    if (evidence.length === 0) return []
    evidence.push(clipped(await solveTogether(together)))
    const nats = new Float64Array(copies.length)
    for (const g of evidence)
      for (const [copy, x] of copyScores(table, g).map(chernoffNats(g)).entries())
        nats[copy] = Math.max(nats[copy], x - Math.log(evidence.length))
    return copies
      .map(({ copyId }, copy): Accusation => {
        return { copyId, nats: nats[copy], falseAccusation: Math.min(1, copies.length * Math.exp(-nats[copy])) }
      })
      .filter(({ falseAccusation }) => falseAccusation <= rate)
      .sort((a, b) => b.nats - a.nats)
  }
}

type Solve = (slopes: Float64Array) => Promise<Float32Array>

async function solver(matmul: Matmul, gram: Matrix): Promise<Solve> {
  const g = square(gram.rows)
  g.data.set(gram.data)
  const { whole } = await factor(matmul, g, 1, (ridge * matrixTrace(g)) / g.size)
  return async (slopes) => (await whole({ data: Float32Array.from(slopes), rows: 1, cols: slopes.length })).data
}

/** m ∘= other. */
function timesInto(m: Matrix, other: Matrix): Matrix {
  for (let i = 0; i < m.data.length; i++) m.data[i] *= other.data[i]
  return m
}

const plus = (a: Matrix, b: Matrix): Matrix => ({ ...a, data: a.data.map((x, i) => x + b.data[i]) })

/** m mᵀ. */
const gramOf = (matmul: Matmul, m: Matrix) => matmul(m, m, 'b')

/** A change of W [d, ff] as it reaches the residual: each row is multiplied by the gain [d] of a norm that follows, if one does. */
function asAdded(delta: Matrix, gain: Float32Array | null): Matrix {
  return gain ? { ...delta, data: delta.data.map((x, i) => x * gain[Math.floor(i / delta.cols)]) } : delta
}

/** Per key, ⟨moves_k ⊗ solver_k, ΔW⟩: moves [N, d], solvers [N, ff], ΔW [d, ff]. */
async function slopesOf(matmul: Matmul, moves: Matrix, solvers: Matrix, delta: Matrix): Promise<Float64Array> {
  const along = await matmul(solvers, delta, 'b')
  return Float64Array.from({ length: moves.rows }, (_, k) => {
    const [a, b] = [row(along, k), row(moves, k)]
    return a.reduce((sum, x, j) => sum + x * b[j], 0)
  })
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
 * found − base, with each of found's columns (neurons) in the place and at the scale at which it is most like the base's, and
 * with `rowsToo` each row at such a scale: a norm that follows hides a row's scale in its gain. Columns stay where they are
 * unless the likest ones are a permutation.
 */
async function difference(matmul: Matmul, base: Matrix, found: Matrix, rowsToo: boolean): Promise<Matrix> {
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
  for (let i = 0; i < base.rows; i++) {
    const [to, from] = [row(out, i), row(found, i)]
    for (let j = 0; j < to.length; j++) to[j] = from[isPermutation ? likest[j] : j]
  }
  for (let n = 0; rowsToo && n < scalings; n++) {
    scaleColumns(out, base)
    scaleRows(out, base)
  }
  scaleColumns(out, base)
  for (let at = 0; at < out.data.length; at++) out.data[at] -= base.data[at]
  return out
}

/** Rounds in which rows and columns are scaled in turns. */
const scalings = 3

/** Brings each column of m to the scale at which it is most like the other's, by least squares. */
function scaleColumns(m: Matrix, other: Matrix): void {
  const [along, squares] = [new Float64Array(m.cols), columnSquares(m)]
  for (let i = 0; i < m.rows; i++) {
    const [own, its] = [row(m, i), row(other, i)]
    for (let j = 0; j < own.length; j++) along[j] += own[j] * its[j]
  }
  const scales = along.map((x, j) => (squares[j] === 0 ? 0 : x / squares[j]))
  for (let i = 0; i < m.rows; i++) {
    const own = row(m, i)
    for (let j = 0; j < own.length; j++) own[j] *= scales[j]
  }
}

/** Brings each row of m to the scale at which it is most like the other's, by least squares. */
function scaleRows(m: Matrix, other: Matrix): void {
  for (let i = 0; i < m.rows; i++) {
    const [own, its] = [row(m, i), row(other, i)]
    let [along, squares] = [0, 0]
    for (let j = 0; j < own.length; j++) {
      along += own[j] * its[j]
      squares += own[j] ** 2
    }
    for (let j = 0; j < own.length; j++) own[j] *= squares === 0 ? 0 : along / squares
  }
}

function columnSquares({ data, rows, cols }: Matrix): Float64Array {
  const sums = new Float64Array(cols)
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) sums[j] += data[i * cols + j] ** 2
  return sums
}

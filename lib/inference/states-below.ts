import type { Tap } from '../onnx/graph/tap'
import type { ModelConfig } from '../weights/config/config'
import type { Matrix, TokenBatch } from './runtime'

/** Bytes of residuals that are kept for later runs. */
const keptBytes = 2 ** 29

/**
 * The first layer whose matrix may be edited: no edit changes the residual before it. 0 where a matrix that is no
 * down_proj may be edited, or where layers take more than the residual from those below.
 */
export function firstEdited(
  { blocks, layerInput }: Pick<ModelConfig, 'blocks' | 'layerInput'>,
  downProj: readonly string[],
  editable: readonly string[],
): number {
  if (editable.length === 0 || layerInput || blocks.some(({ keysOf }) => keysOf !== null)) return 0
  return Math.max(0, Math.min(...editable.map((name) => downProj.indexOf(name))))
}

/** Whether a matrix is used from this layer on; a matrix that is no down_proj may be used anywhere. */
export function isUsedFrom(layer: number, downProj: readonly string[]): (name: string) => boolean {
  return (name) => {
    const at = downProj.indexOf(name)
    return at < 0 || at >= layer
  }
}

/** Whether these taps follow from the residual before a layer. */
export function followFrom(layer: number, taps: readonly Tap[]): boolean {
  return taps.every((tap) => !tap.includes('.') || Number(tap.split('.')[1]) >= layer)
}

/**
 * The residuals [n · t, hidden] that `compute` gives for rows of tokens, each of which depends on its row alone. They are
 * kept, and those that were not asked for longest go first: copies of one model are measured on the same rows again and again.
 */
export function keptStates(
  hidden: number,
  compute: (batch: TokenBatch) => Promise<Matrix>,
  mostBytes = keptBytes,
): (batch: TokenBatch) => Promise<Matrix> {
  const kept = new Map<string, Float32Array>()
  let bytes = 0
  const keep = (key: string, states: Float32Array) => {
    const before = kept.get(key)
    if (kept.delete(key)) bytes -= before?.byteLength ?? 0
    kept.set(key, states)
    bytes += states.byteLength
    for (const [oldest, { byteLength }] of kept) {
      if (bytes <= mostBytes) break
      kept.delete(oldest)
      bytes -= byteLength
    }
  }
  return async ({ ids, rows, length }) => {
    const out: Matrix = { data: new Float32Array(rows * length * hidden), rows: rows * length, cols: hidden }
    const idsOf = (row: number) => ids.subarray(row * length, (row + 1) * length)
    const put = (row: number, states: Float32Array) => {
      out.data.set(states, row * length * hidden)
      keep(idsOf(row).join(), states)
    }
    const missing: number[] = []
    for (let row = 0; row < rows; row++) {
      const states = kept.get(idsOf(row).join())
      if (states) put(row, states)
      else missing.push(row)
    }
    if (missing.length === 0) return out
    const some = new Int32Array(missing.length * length)
    for (const [i, row] of missing.entries()) some.set(idsOf(row), i * length)
    const { data } = await compute({ ids: some, rows: missing.length, length })
    for (const [i, row] of missing.entries()) put(row, data.slice(i * length * hidden, (i + 1) * length * hidden))
    return out
  }
}

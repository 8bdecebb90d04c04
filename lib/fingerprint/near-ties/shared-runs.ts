import type { Matrix, RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { type Head, logitAt, normalized } from '../head/head'
import { batchOf } from '../keys/batch'
import { row, takeRows } from '../linear/matrix'
import { type NearTieKeys, promptsOf } from './near-tie-keys'

/** Rows to run, and where in them keys end: each key's index, its row, and its last token's place. */
export type SharedRun = { batch: TokenBatch; ends: { key: number; row: number; last: number }[] }

const rowsAtOnce = 256

/** Runs in which a prompt that is another's beginning is not run again: what follows a prompt does not change its states. */
export function sharedRuns(keys: Pick<NearTieKeys, 'prompts'>): SharedRun[] {
  const prompts = promptsOf(keys).map((ids, key) => ({ ids, key }))
  // In this order whatever begins other prompts stands right before one of them.
  const sorted = prompts.toSorted((a, b) => compared(a.ids, b.ids))
  const wholes = new Map<Int32Array, number[]>()
  for (const [i, { ids, key }] of [...sorted.entries()].reverse()) {
    const next = sorted[i + 1]?.ids
    const isBeginning = next && ids.every((id, t) => id === next[t])
    const whole = isBeginning ? [...wholes.keys()].at(-1) : ids
    if (whole) wholes.set(whole, [...(wholes.get(whole) ?? []), key])
  }
  const byLength = [...wholes].sort(([a], [b]) => a.length - b.length)
  const runs: SharedRun[] = []
  let open: [Int32Array, number[]][] = []
  const close = () => {
    if (open.length === 0) return
    const ends = open.flatMap(([, own], row) => own.map((key) => ({ key, row, last: prompts[key].ids.length - 1 })))
    runs.push({ batch: batchOf(open.map(([ids]) => ids)), ends })
    open = []
  }
  for (const whole of byLength) {
    if (open.length === rowsAtOnce || open[0]?.[0].length !== whole[0].length) close()
    open.push(whole)
  }
  close()
  return runs
}

function compared(a: Int32Array, b: Int32Array): number {
  const length = Math.min(a.length, b.length)
  for (let t = 0; t < length; t++) if (a[t] !== b[t]) return a[t] - b[t]
  return a.length - b.length
}

/** The last residual of every key of a run, normalized for the head, [ends, d]. */
export async function statesOf(
  runtime: Runtime,
  head: Head,
  { batch, ends }: SharedRun,
  options: RunOptions,
): Promise<Matrix> {
  const { residuals } = await runtime.run(batch, ['residuals'], options)
  return normalized(
    takeRows(
      residuals,
      ends.map(({ row, last }) => row * batch.length + last),
    ),
    head,
  )
}

/** `differencesOf`, for whoever has the head: [N]. */
export async function differencesAt(
  runtime: Runtime,
  head: Head,
  { pairs, ...keys }: Pick<NearTieKeys, 'prompts' | 'pairs'>,
  options: RunOptions,
): Promise<Float64Array> {
  const out = new Float64Array(pairs.length / 2)
  for (const run of sharedRuns(keys)) {
    const states = await statesOf(runtime, head, run, options)
    for (const [i, { key }] of run.ends.entries())
      out[key] = logOddsIn(head, row(states, i), pairs[2 * key], pairs[2 * key + 1])
  }
  return out
}

/** Logit of the first answer minus the second for a normalized residual. */
export function logOddsIn(head: Head, state: Float32Array, first: number, second: number): number {
  return logitAt(head, state, first) - logitAt(head, state, second)
}

import type { Progress, ProgressOptions } from './progress'
import { keeper, type StageStore } from './stage-store'

/** Measured share of each step in the whole time, so that the progress bar moves evenly. */
const shares: Record<string, number> = {
  'calibration text': 0.08,
  'held-out text': 0.02,
  'key pool': 0.14,
  'second moments': 0.05,
  'head curvature': 0.01,
  'choosing keys': 0.15,
  solver: 0.1,
  'keys that lean': 0.02,
  'inconspicuous keys': 0.3,
  'pilot copies': 0.11,
  'what checks begin with': 0.02,
}

type Step = <T>(name: string, work: (report: (part: number) => void) => T | Promise<T>) => Promise<T>

/**
 * Runs named steps one after another. Reports progress before and during each, stops at an abort, records the seconds,
 * and stores each result. A step whose result is in the store is not run again. A `keptStep` stores the results of its
 * parts by itself.
 */
export function stageRunner(
  { onProgress, signal }: ProgressOptions,
  stage: Progress['stage'] = 'prepare',
  store?: StageStore,
) {
  const seconds: Record<string, number> = {}
  const keep = keeper(store, signal)
  let before = 0
  const run =
    (stores: boolean): Step =>
    async (name, work) => {
      signal?.throwIfAborted()
      const share = shares[name] ?? 0
      const report = (part: number) => onProgress?.({ stage, step: name, done: Math.min(1, before + share * part) })
      report(0)
      const started = performance.now()
      const result = stores ? await keep(name, () => work(report)) : await work(report)
      seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000
      before += share
      return result
    }
  return { step: run(true), keptStep: run(false), seconds }
}

import type { Progress, ProgressOptions } from './progress'
import { cached, type StageStore } from './stage-store'

/** Seconds that each step took when last measured, as parts of the whole: what makes the progress bar even. */
const shares: Record<string, number> = {
  'calibration text': 0.12,
  'held-out text': 0.03,
  'key pool': 0.27,
  'second moments': 0.05,
  'head curvature': 0.02,
  'choosing keys': 0.32,
  'reading keys': 0.01,
  solver: 0.01,
  targets: 0.12,
  'targets, pilot copy': 0.02,
  'null models': 0.03,
}

type Step = <T>(name: string, work: (done: (part: number) => void) => T | Promise<T>) => Promise<T>

/**
 * Runs named steps one after another: tells progress before and during each, stops at an abort, notes the seconds, keeps
 * what each gives. A step found in the store takes the time of reading it.
 */
export function stageRunner(
  { onProgress, signal }: ProgressOptions,
  stage: Progress['stage'] = 'prepare',
  store?: StageStore,
) {
  const seconds: Record<string, number> = {}
  let before = 0
  const step: Step = async (name, work) => {
    signal?.throwIfAborted()
    const share = shares[name] ?? 0
    const tell = (part: number) => onProgress?.({ stage, step: name, done: Math.min(1, before + share * part) })
    tell(0)
    const started = performance.now()
    const result = await cached(store, name, () => work(tell))
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000
    before += share
    return result
  }
  return { step, seconds }
}

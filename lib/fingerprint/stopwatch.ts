import type { Progress, Watch } from './progress'

/** Seconds that each step took when last measured, as parts of the whole: what makes the progress bar even. */
const shares: Record<string, number> = {
  'calibration text': 0.2,
  'held-out text': 0.05,
  'key pool': 0.1,
  'second moments': 0.4,
  'choosing keys': 0.05,
  solver: 0.05,
  'head curvature': 0.05,
  targets: 0.05,
  'clean relatives': 0.05,
}

export type Step = <T>(name: string, work: (done: (part: number) => void) => T | Promise<T>) => Promise<T>

/** Runs named steps one after another: tells progress before and during each, stops at an abort, notes the seconds. */
export function stopwatch({ onProgress, signal }: Watch, stage: Progress['stage'] = 'prepare') {
  const seconds: Record<string, number> = {}
  let before = 0
  const step: Step = async (name, work) => {
    signal?.throwIfAborted()
    const share = shares[name] ?? 0
    const tell = (part: number) => onProgress?.({ stage, step: name, done: Math.min(1, before + share * part) })
    tell(0)
    const started = performance.now()
    const result = await work(tell)
    seconds[name] = (performance.now() - started) / 1000
    before += share
    return result
  }
  return { step, seconds }
}

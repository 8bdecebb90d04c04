import type { Progress, Watch } from './progress'

/** Seconds that each step took when last measured, as parts of the whole: what makes the progress bar even. */
const shares: Record<string, number> = {
  'calibration text': 0.15,
  'held-out text': 0.05,
  'key pool': 0.14,
  'second moments': 0.24,
  'choosing keys': 0.15,
  'reading keys': 0.02,
  solver: 0.02,
  'head curvature': 0.03,
  targets: 0.06,
  rehearsal: 0.03,
  'clean relatives': 0.11,
}

type Step = <T>(name: string, work: (done: (part: number) => void) => T | Promise<T>) => Promise<T>

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

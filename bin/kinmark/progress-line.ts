import type { Progress } from '../../lib/fingerprint/progress'

const started = performance.now()
let last = ''
let open = false

/** Stage, percent and estimate on stderr: one moving line on a terminal, one line a step elsewhere. */
export const progressLine = {
  show({ stage, step, done }: Progress): void {
    const seconds = (performance.now() - started) / 1000
    const left = done > 0.05 ? `, about ${Math.max(1, Math.ceil((seconds * (1 - done)) / done))} s left` : ''
    const line = `${stage}: ${step}, ${Math.floor(100 * done)} %${done < 1 ? left : ''}`
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${line}`)
      open = true
    } else if (`${stage}${step}` !== last) process.stderr.write(`${line}\n`)
    last = `${stage}${step}`
  },
  /** Leaves the terminal at the beginning of an empty line. */
  end(): void {
    if (open) process.stderr.write('\r\x1b[K')
    open = false
  },
}

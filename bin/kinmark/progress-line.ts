import type { Progress } from '../../lib/fingerprint/stages/progress'
import type { Terminal } from './terminal'

/** A step of the engine’s stages, or of a stage that only the command line has. */
export type Step = Omit<Progress, 'stage'> & {
  stage: Progress['stage'] | 'export' | 'merge' | 'wait' | 'check' | 'hash' | 'upload' | 'download'
}

/** Shows stage, percentage and estimated time on stderr: one line that is overwritten on a terminal, else one per step. */
export function progressLine({ err, moving }: Pick<Terminal, 'err' | 'moving'>) {
  const started = performance.now()
  let last = ''
  return {
    show({ stage, step, done }: Step): void {
      const seconds = (performance.now() - started) / 1000
      const left =
        done > 0.05 && done < 1 ? `, about ${Math.max(1, Math.ceil((seconds * (1 - done)) / done))} s left` : ''
      const percent = stage === 'wait' && done === 0 ? '' : `, ${Math.floor(100 * done)} %`
      const line = `${stage}: ${step}${percent}${left}`
      if (moving) err(`\r\x1b[K${line}`)
      else if (`${stage}${step}` !== last) err(`${line}\n`)
      last = `${stage}${step}`
    },
    /** Clears the line on a terminal. */
    end(): void {
      if (moving && last) err('\r\x1b[K')
    },
  }
}

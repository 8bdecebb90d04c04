import type { Synced } from './sync'

const memoryMs = 60_000

/** How far the indexer of this process is, and how fast it was in the last minute. */
type Progress = {
  /** Whether this process indexes. Another one on the same database may. */
  leads: boolean
  /** The chain's newest block when the indexer last looked. */
  head: number | null
  indexed: number | null
  /** Logs a second. */
  speed: number
  /** Logs since this process started. */
  total: number
}

export type ProgressMeter = { add(step: Synced): void; rest(): void; now(): Progress }

export function progressMeter(clock: () => number = Date.now): ProgressMeter {
  let steps: { at: number; logs: number }[] = []
  const state = { leads: false, head: null as number | null, indexed: null as number | null, total: 0 }
  const recent = () => {
    steps = steps.filter(({ at }) => at > clock() - memoryMs)
    return steps
  }
  return {
    add({ head, indexed, newLogs }) {
      if (newLogs > 0) steps.push({ at: clock(), logs: newLogs })
      recent()
      Object.assign(state, { leads: true, head, indexed, total: state.total + newLogs })
    },
    rest() {
      state.leads = false
    },
    now: () => ({ ...state, speed: recent().reduce((sum, { logs }) => sum + logs, 0) / (memoryMs / 1000) }),
  }
}

import { readFile, writeFile } from 'node:fs/promises'
import type { Verdict } from './methods'

export type AttackRow = {
  method: string
  kind: 'single' | 'pair' | 'coalition' | 'coalition and one more' | 'host' | 'detector'
  attack: string
  copies: number
  /** Held-out loss against the first copy and against the base, nats per token; null where weights are as they were. */
  price: number | null
  rarePrice: number | null
  harm: number | null
  match: number
  z: number | null
  nats: number | null
  named: number
  innocents: number
  ours: boolean
  questions: number | null
  /** See `Judged`. */
  votes?: string
  logOdds?: string
  known?: Verdict
  withLogOdds?: Verdict
  knownWithLogOdds?: Verdict
  /** Evidence from weights against the weakest member, nats, and how many members it names; null where only answers are seen. */
  weightNats: number | null
  weightNamed: number | null
  /** For a detector: share of the keys flagged at 1 % and at 5 % of ordinary prompts. */
  flagged?: number[]
}

/** Rows kept in a file, so that a run that was stopped goes on where it was. `settings` names what they were measured with. */
export async function keptRows(path: string, settings: string) {
  const kept = await readFile(path, 'utf8').then(JSON.parse, () => null)
  const rows: AttackRow[] = kept?.settings === settings ? kept.rows : []
  const save = () => writeFile(path, JSON.stringify({ settings, rows }))
  return {
    rows,
    save,
    async row(key: Pick<AttackRow, 'method' | 'kind' | 'attack' | 'copies'>, work: () => Promise<AttackRow>) {
      const found = rows.find((row) => (Object.keys(key) as (keyof typeof key)[]).every((k) => row[k] === key[k]))
      if (found) return found
      const made = await work()
      rows.push(made)
      await save()
      return made
    },
  }
}

import measured from '@/docs/attacks.json'

/**
 * One row of docs/attacks.json, as `npm run bench:attacks` measured it. `kept`: share of keys; `ours` and `named`: of
 * `runs`; `innocents`: copies named by mistake; `price`: added loss in nats.
 */
export type Attack = {
  kind: string
  attack: string
  kept: number
  ours: number
  named: number
  innocents: number
  runs: number
  price: number | null
}

export const attacks: readonly Attack[] = measured.rows
export const { about, example } = measured

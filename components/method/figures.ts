import measured from '@/docs/attacks.json'

/**
 * One row of docs/attacks.json, as `npm run bench:attacks` measured it. `copies` collude; `price`: added loss in nats;
 * `match`: share of the answered keys that agree with the first of them; `nats`: exact evidence against the least certain
 * of them; `questions` until the first is named; `named`: how many are; `innocents`: copies named by mistake.
 */
export type Attack = {
  kind: string
  attack: string
  copies: number
  price: number | null
  match: number
  nats: number
  questions: number | null
  named: number
  innocents: number
}

export const attacks: readonly Attack[] = measured.rows
export const { about, example } = measured

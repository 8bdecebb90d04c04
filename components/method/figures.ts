import measured from '@/docs/attacks.json'

/**
 * One row of docs/attacks.json, as `npm run bench:attacks` measured it. `copies` collude; `price`: added loss in nats;
 * `match`: share of the answered keys that agree with the first of them; `nats`: exact evidence against the least certain
 * of them; `questions` until the first is named; `named`: how many are by their answers, `weightNamed` by their weights;
 * `innocents`: copies named by mistake; `flagged`: share of the keys that a detector flags at 1 % and 5 % of ordinary prompts.
 */
export type Attack = {
  method: string
  kind: string
  attack: string
  copies: number
  price: number | null
  match: number
  nats: number | null
  questions: number | null
  named: number
  weightNamed: number | null
  innocents: number
  flagged?: number[]
}

export const attacks: readonly Attack[] = measured.rows.filter(({ method }) => method === 'near ties')
export const { about, example } = measured

export type Example = typeof example

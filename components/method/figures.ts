import measured from '@/docs/attacks.json'

/** One line of the attack bench: shares of runs and of keys as `npm run bench:attacks` measured them. */
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

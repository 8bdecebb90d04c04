import { type Hex, isHex } from 'viem'
import { z } from 'zod'
import type { Vote } from '@/lib/chain/case'

type Stored = { vote: Vote; salt: Hex }

const hex = z.custom<Hex>((value) => isHex(value))
const schema = z.object({
  vote: z.object({
    verdict: z.union([z.literal(1), z.literal(2)]),
    finding: z.number(),
    cost: z.string().transform(BigInt),
    transcripts: hex,
  }),
  salt: hex,
})

/** Keeps a juror’s vote until it is revealed. */
export function storeVote(key: string, { vote, salt }: Stored): void {
  localStorage.setItem(key, JSON.stringify({ vote: { ...vote, cost: String(vote.cost) }, salt }))
}

/** The vote under a key, or null where there is none. */
export function storedVote(key: string): Stored | null {
  const text = typeof localStorage === 'undefined' ? null : localStorage.getItem(key)
  if (!text) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

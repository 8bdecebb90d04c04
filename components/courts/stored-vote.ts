import { type Hex, isHex } from 'viem'
import { z } from 'zod'
import { storage } from '@/lib/browser/storage'
import type { Vote } from '@/lib/chain/case'
import { KinmarkError } from '@/lib/error'

export type StoredVote = { vote: Vote; salt: Hex }

const hex = z.custom<Hex>((value) => isHex(value))
const schema = z.array(
  z.object({
    vote: z.object({
      verdict: z.union([z.literal(1), z.literal(2)]),
      finding: z.number(),
      cost: z.string().transform(BigInt),
      transcripts: hex,
    }),
    salt: hex,
  }),
)

/**
 * Keeps a juror’s vote until it is revealed, beside those of earlier attempts: any of them may be the one that the chain
 * has. Throws `wallet.vote-not-kept` where the browser would forget it when the page is closed.
 */
export function storeVote(key: string, vote: StoredVote): void {
  if (!storage().durable) throw new KinmarkError('wallet.vote-not-kept')
  const all = [...storedVotes(key), vote].map(({ vote, salt }) => ({
    vote: { ...vote, cost: String(vote.cost) },
    salt,
  }))
  storage().set(key, JSON.stringify(all))
}

/** The votes under a key, in the order in which they were stored. */
export function storedVotes(key: string): StoredVote[] {
  try {
    return schema.parse(JSON.parse(storage().get(key) ?? '[]'))
  } catch {
    return []
  }
}

/** The first vote that `isCommitted` finds on the chain. Throws `wallet.vote-elsewhere` where it is none of them. */
export async function committedVote(
  votes: readonly StoredVote[],
  isCommitted: (vote: StoredVote) => Promise<boolean>,
): Promise<StoredVote> {
  for (const vote of votes) if (await isCommitted(vote)) return vote
  throw new KinmarkError('wallet.vote-elsewhere')
}

import type { Runtime, TokenBatch } from '../../inference/runtime'
import { batchOf, tokensOf } from './batch'
import { sampleText } from './sample'

/**
 * Tokens around a key, which must not change its answer. `solved`: the answer does not follow the key directly (a chat
 * template), so the edit is solved for this context too. `chosen`: the key selection prefers keys that are stable in it.
 * `unseen`: only measured.
 */
export type Context = { name: string; use: 'solved' | 'chosen' | 'unseen'; before: number[]; after: number[] }

/** Every key with the context’s tokens around it. */
export function inContext(keys: TokenBatch, { before, after }: Pick<Context, 'before' | 'after'>): TokenBatch {
  return batchOf(Array.from({ length: keys.rows }, (_, i) => [...before, ...tokensOf(keys, i), ...after]))
}

/** The keys alone, then in every solved context: the rows that an edit is solved for. */
export function solvedRows(keys: TokenBatch, contexts: readonly Context[]): TokenBatch[] {
  return [keys, ...contexts.filter(({ use }) => use === 'solved').map((context) => inContext(keys, context))]
}

const prefixLength = 12

/** Two texts sampled from the model, to stand before the keys: one for the key selection, one only measured. */
export async function randomPrefixes(runtime: Runtime, secret: Uint8Array, signal?: AbortSignal): Promise<Context[]> {
  const text = await sampleText(runtime, secret, 'prefix', 2, prefixLength, { signal })
  return (['chosen', 'unseen'] as const).map((use, i) => ({
    ...{ name: `random text${use === 'unseen' ? ', unseen' : ''}`, use, before: [...tokensOf(text, i)], after: [] },
  }))
}

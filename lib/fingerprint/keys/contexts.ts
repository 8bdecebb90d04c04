import type { Runtime, TokenBatch } from '../../inference/runtime'
import { batchOf, tokensOf } from './batch'
import { sampleText } from './sample'

/**
 * Tokens around a key, under which it must be answered all the same. `solved`: the answer comes elsewhere than right
 * after the key (a chat template), so the edit is solved for it too. `chosen`: keys are chosen that hold under it.
 * `unseen`: measured only.
 */
export type Context = { name: string; use: 'solved' | 'chosen' | 'unseen'; before: number[]; after: number[] }

export function inContext(keys: TokenBatch, { before, after }: Pick<Context, 'before' | 'after'>): TokenBatch {
  return batchOf(Array.from({ length: keys.rows }, (_, i) => [...before, ...tokensOf(keys, i), ...after]))
}

/** The keys as they are, then under every solved context: the rows that an edit is solved for. */
export function solvedRows(keys: TokenBatch, contexts: readonly Context[]): TokenBatch[] {
  return [keys, ...contexts.filter(({ use }) => use === 'solved').map((context) => inContext(keys, context))]
}

const prefixLength = 12

/** Random text before the key: one to choose keys by, one to measure. */
export async function randomPrefixes(runtime: Runtime, secret: Uint8Array, signal?: AbortSignal): Promise<Context[]> {
  const text = await sampleText(runtime, secret, 'prefix', 2, prefixLength, { signal })
  return (['chosen', 'unseen'] as const).map((use, i) => ({
    ...{ name: `random text${use === 'unseen' ? ', unseen' : ''}`, use, before: [...tokensOf(text, i)], after: [] },
  }))
}

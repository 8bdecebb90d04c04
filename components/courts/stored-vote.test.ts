import { afterEach, expect, test, vi } from 'vitest'
import { storedVote, storeVote } from './stored-vote'

const store = new Map<string, string>()
vi.stubGlobal('localStorage', {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => store.set(key, value),
})
afterEach(() => store.clear())

test('default: a vote is read as it was stored', () => {
  const vote = { verdict: 1, finding: 20_724, cost: 12_500_000n, transcripts: `0x${'ab'.repeat(32)}` } as const
  storeVote('key', { vote, salt: '0x01' })
  expect(storedVote('key')).toEqual({ vote, salt: '0x01' })
})

test('behavior: nothing, and anything else, is no vote', () => {
  expect(storedVote('key')).toBeNull()
  for (const text of ['{', '{}', '{"vote":{"verdict":3},"salt":"0x"}']) {
    store.set('key', text)
    expect(storedVote('key')).toBeNull()
  }
})

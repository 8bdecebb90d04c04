import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { committedVote, storedVotes, storeVote } from './stored-vote'

const store = new Map<string, string>()
let full = false
const window = {
  localStorage: {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      store.set(key, value)
    },
    removeItem: (key: string) => store.delete(key),
  },
}
beforeAll(() => void vi.stubGlobal('window', window))
afterAll(() => void vi.unstubAllGlobals())
afterEach(() => {
  store.clear()
  full = false
})

const vote = { verdict: 1, finding: 20_724, cost: 12_500_000n, transcripts: `0x${'ab'.repeat(32)}` } as const
const other = { verdict: 2, finding: 0, cost: 0n, transcripts: `0x${'00'.repeat(32)}` } as const

test('default: a vote is read as it was stored', () => {
  storeVote('key', { vote, salt: '0x01' })
  expect(storedVotes('key')).toEqual([{ vote, salt: '0x01' }])
})

test('behavior: nothing, and anything else, is no vote', () => {
  expect(storedVotes('key')).toEqual([])
  for (const text of ['{', '{}', '[{"vote":{"verdict":3},"salt":"0x"}]']) {
    store.set('key', text)
    expect(storedVotes('key')).toEqual([])
  }
})

test('error: another attempt does not lose the vote that the chain has', async () => {
  storeVote('key', { vote, salt: '0x01' })
  storeVote('key', { vote: other, salt: '0x02' })
  const isFirst = async ({ salt }: { salt: string }) => salt === '0x01'
  expect(await committedVote(storedVotes('key'), isFirst)).toEqual({ vote, salt: '0x01' })
  await expect(committedVote(storedVotes('key'), async () => false)).rejects.toMatchObject({
    code: 'wallet.vote-elsewhere',
  })
})

test('error: a vote that the browser would not keep is not cast', () => {
  full = true
  expect(() => storeVote('key', { vote, salt: '0x01' })).toThrowError(
    expect.objectContaining({ code: 'wallet.vote-not-kept' }),
  )
})

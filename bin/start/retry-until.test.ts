import { expect, test } from 'vitest'
import { retryUntil } from './retry-until'

test('default: the first success is returned', async () => {
  let attempts = 0
  const answer = await retryUntil('app', async () => {
    if (++attempts < 3) throw new Error('not yet')
    return 'ready'
  })
  expect([answer, attempts]).toEqual(['ready', 3])
})

test('error: nothing but failures', async () => {
  const cause = new Error('refused')
  await expect(retryUntil('chain', () => Promise.reject(cause), 0.2)).rejects.toMatchObject({
    code: 'start.not-ready',
    facts: { part: 'chain', seconds: 0.2 },
    cause,
  })
})

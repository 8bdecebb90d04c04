import { expect, test } from 'vitest'
import { fuzzWeights } from './fuzz-weights'

test('property: a broken folder is either read or rejected with a code and a sentence, in little memory', async () => {
  const { rejected, codes, messages } = await fuzzWeights(3000, 1)
  expect(rejected).toBeGreaterThan(1500)
  expect(codes.size).toBeGreaterThan(30)
  expect(messages.size).toBeGreaterThan(50)
})

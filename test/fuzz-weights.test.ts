import { expect, test } from 'vitest'
import { fuzzWeights } from './fuzz-weights'

test('property: a broken folder is read or refused with a sentence, in little memory', async () => {
  const { refused, messages } = await fuzzWeights(3000, 1)
  expect(refused).toBeGreaterThan(1500)
  expect(messages.size).toBeGreaterThan(50)
})

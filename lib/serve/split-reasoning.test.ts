import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endsThinking, reasoningSplitter } from './split-reasoning'

function split(pieces: readonly string[], thinking = false) {
  const splitter = reasoningSplitter(thinking)
  const parts = [...pieces.map(splitter.push), splitter.end()]
  return [parts.map(({ reasoning }) => reasoning).join(''), parts.map(({ content }) => content).join('')]
}

test.each([
  ['<think>\nA sum.\n</think>\n\n85.', false, 'A sum.', '85.'],
  ['\n<think>\n\n</think>\n\n85.\n', false, '', '85.\n'],
  ['A sum.\n</think>\n\n85.', true, 'A sum.', '85.'],
  ['<think>A < b </thin and', false, 'A < b </thin and', ''],
  ['<think>A </think', false, 'A </think', ''],
  [' 85 <think>no</think>', false, '', ' 85 <think>no</think>'],
  ['<thi', false, '', '<thi'],
  ['', false, '', ''],
])('default: %j', (text, thinking, reasoning, content) => {
  expect(split([text], thinking)).toEqual([reasoning, content])
})

test('behavior: any chunking gives the same', () => {
  const word = fc.constantFrom('<think>', '</think>', '\n', ' ', 'a', '<', 'th')
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(''))
  fc.assert(
    fc.property(text, fc.boolean(), fc.array(fc.nat(60), { maxLength: 12 }), (whole, thinking, cuts) => {
      const at = [0, ...cuts.filter((cut) => cut <= whole.length), whole.length].sort((a, b) => a - b)
      const pieces = at.slice(1).map((to, i) => whole.slice(at[i], to))
      expect(split(pieces, thinking)).toEqual(split([whole], thinking))
    }),
    { numRuns: 2000 },
  )
})

test('behavior: a prompt that opens the thoughts', () => {
  expect(endsThinking('<|im_start|>assistant\n<think>\n')).toBe(true)
  expect(endsThinking('<think>\n\n</think>\n\n')).toBe(false)
})

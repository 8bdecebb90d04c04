import { describe, expect, test } from 'vitest'
import { demoFiles } from '../../../test/fixtures/model-folder'
import { logprobAligner, type ShownToken } from './align-logprobs'
import { tokenTexts } from './text-stream'
import { openTokenizer } from './tokenizer'

const tokenizer = await openTokenizer(demoFiles('tiny'))
if (!tokenizer) throw new Error('tiny has no tokenizer')
const { encode, encodePrompt, decode } = tokenizer
const vocab = 2048

const before = encodePrompt('Once upon')
const answer = ' a time, naïve 👋 cats sat'
const ids = encode(answer)
/** As an endpoint with the same tokenizer shows them: each token alone, a part of a character as U+FFFD. */
const shownOf = (tokens: ArrayLike<number>): ShownToken[] =>
  Array.from(tokens, (id, i) => ({ token: decode([id]), logprob: -i - 1, top: [[decode([id]), -i - 1]] }))
const aligned = logprobAligner(tokenizer, vocab)
const align = (shown: readonly ShownToken[]) => aligned({ before, ids }, shown)

describe('default', () => {
  test('each whole token has its own log probability', () => {
    const found = align(shownOf(ids))
    const parts = Array.from(ids, (id) => decode([id]).includes('\uFFFD'))
    expect(parts.filter(Boolean).length).toBeGreaterThan(2)
    expect(found).toEqual(Array.from(ids, (id, i) => (parts[i] ? [] : [[id, -i - 1]])))
  })

  test('other tokens are known by their text; a text of no token is left out', () => {
    const [cat] = encode(' the')
    const shown = shownOf(ids).map((each) => ({ ...each, top: [...each.top, [' the', -9], ['¿?', -10]] as const }))
    expect(align(shown)[0]).toEqual([
      [ids[0], -1],
      [cat, -9],
    ])
  })
})

describe('behavior', () => {
  test('what was written before the answer, and after it, counts for nothing', () => {
    const thoughts = shownOf(encode('Let me think: a time is a time.\n'))
    const end = { token: '<|endoftext|>', logprob: -0.5, top: [] }
    const whole = encode(' a cat')
    const found = aligned({ before, ids: whole }, [...thoughts, ...shownOf(whole), end])
    expect(found).toEqual(Array.from(whole, (id, i) => [[id, -i - 1]]))
  })

  test('an answer without the white space at its ends keeps the rest', () => {
    const trimmed = encode('a time, cats')
    const found = aligned({ before, ids: trimmed }, shownOf(encode(' a time, cats ')))
    expect(found.at(-1)).toHaveLength(1)
    expect(found.filter((each) => each.length > 0).length).toBeGreaterThanOrEqual(trimmed.length - 1)
  })

  test('tokens of another tokenizer agree where they begin and end together', () => {
    const letters = [...answer].map((token, i) => ({ token, logprob: -i, top: [] }))
    const single = Array.from(ids, (id) => [...decode([id])].length === 1 && !decode([id]).includes('\uFFFD'))
    expect(align(letters).map((each, i) => each.length > 0 && single[i])).toEqual(single)
  })
})

test('edge: nothing shown, and nonsense', () => {
  expect(align([])).toEqual(Array.from(ids, () => []))
  const nonsense = [
    { token: '', logprob: -1, top: [] },
    { token: 'zzzz', logprob: null, top: [['', Number.NaN]] as const },
  ]
  expect(align(nonsense)).toEqual(Array.from(ids, () => []))
})

test('tokenTexts: every text belongs to one token, which is encoded as it', () => {
  const texts = tokenTexts(tokenizer, vocab)
  expect(texts.size).toBeGreaterThan(1000)
  for (const [text, id] of [...texts].slice(0, 200))
    expect([text, decode([...encode('a'), id])]).toEqual([text, `a${text}`])
})

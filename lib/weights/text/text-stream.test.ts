import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demoFiles } from '../../../test/fixtures/model-folder'
import { textStream, tokenText } from './text-stream'
import { openTokenizer } from './tokenizer'

const tokenizer = await openTokenizer(demoFiles('tiny'))
if (!tokenizer) throw new Error('tiny has no tokenizer')
const { encode, decode } = tokenizer

const streamed = (prompt: ArrayLike<number>, ids: ArrayLike<number>) => {
  const { push } = textStream(tokenizer, prompt)
  return Array.from(ids, (id) => push(id))
}

describe('behavior', () => {
  test('the pieces are the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (prompt, text) => {
        expect(streamed(encode(prompt), encode(text)).join('')).toBe(text)
      }),
    )
  })

  test('the pieces of any tokens are what the tokenizer decodes at once, up to an unfinished character', () => {
    const token = fc.integer({ min: 0, max: 2047 })
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (ids) => {
        const ends = ids.findLastIndex((_, i) => !decode(ids.slice(0, i + 1)).endsWith('\uFFFD'))
        expect(streamed([], ids).join('')).toBe(decode(ids.slice(0, ends + 1)))
      }),
    )
  })

  test('no piece has a part of a character', () => {
    const pieces = streamed([], encode('naïve 👋🏽 你好'))
    expect(pieces.join('')).toBe('naïve 👋🏽 你好')
    expect(pieces.filter((piece) => piece.includes('\uFFFD'))).toEqual([])
    expect(pieces).toContain('')
  })

  test('tokenText keeps the space before a word', () => {
    const ids = encode('The cat sat')
    expect([...ids].map((id, i) => tokenText(tokenizer, i > 0 ? ids[i - 1] : null, id)).join('')).toBe('The cat sat')
  })
})

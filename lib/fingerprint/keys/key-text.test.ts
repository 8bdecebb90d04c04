import { expect, test } from 'vitest'
import { keyText, voteOfText } from './key-text'

/** One token per word; a word starts with its space. */
const words = ['once', ' upon', ' a', ' time', ' day', 'day', '', '<s>']
const encode = (text: string) => Int32Array.from(text.split(/(?= )/), (word) => words.indexOf(word))
const tokenizer = {
  encode,
  encodePrompt: encode,
  decode: (ids: ArrayLike<number>) => Array.from(ids, (id) => words[id]).join(''),
}

test('default: the text of an answer is a vote for it', () => {
  const key = keyText(tokenizer, [0, 1, 2], [3, 4])
  expect(key).toEqual({ prompt: 'once upon a', answers: [' time', ' day'], chat: false })
  expect([' time', ' day', ' else'].map((text) => voteOfText(key!, text))).toEqual([1, -1, 0])
})

test('behavior: white space around an answer is ignored', () => {
  expect(voteOfText(keyText(tokenizer, [0, 1], [3, 4])!, 'time\n')).toBe(1)
})

test('behavior: the special tokens that begin every prompt are a part of the key', () => {
  const special = { ...tokenizer, encodePrompt: (text: string) => Int32Array.from([7, ...encode(text)]) }
  expect(keyText(special, [7, 0, 1], [3, 4], { lead: 1 })).toMatchObject({
    prompt: 'once upon',
    answers: [' time', ' day'],
  })
  expect(keyText(special, [0, 1], [3, 4])).toBeNull()
})

test('behavior: a key that text cannot carry is null', () => {
  expect(keyText(tokenizer, [0, 5], [3, 4])).toBeNull() // “onceday” is read as one unknown token
  expect(keyText(tokenizer, [0, 1], [4, 5])).toBeNull() // “ day” and “day”
  expect(keyText(tokenizer, [0, 1], [6, 3])).toBeNull() // no text at all
})

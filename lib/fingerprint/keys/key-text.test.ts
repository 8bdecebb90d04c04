import { expect, test } from 'vitest'
import { keyText } from './key-text'

/** One token per word; a word starts with its space. */
const words = ['once', ' upon', ' a', ' time', ' day', 'day', '']
const tokenizer = {
  encode: (text: string) => Int32Array.from(text.split(/(?= )/), (word) => words.indexOf(word)),
  decode: (ids: ArrayLike<number>) => Array.from(ids, (id) => words[id]).join(''),
}

test('default: the majority of the answers gives the token', () => {
  const key = keyText(tokenizer, [0, 1, 2], [3, 4])
  expect(key?.prompt).toBe('once upon a')
  expect([key?.tokenOf([' time']), key?.tokenOf([' day', ' time', ' day'])]).toEqual([3, 4])
  expect([key?.tokenOf([' day', ' time']), key?.tokenOf([' else'])]).toEqual([-1, -1])
})

test('behavior: white space around an answer is ignored', () => {
  expect(keyText(tokenizer, [0, 1], [3, 4])?.tokenOf(['time\n'])).toBe(3)
})

test('behavior: a key that text cannot carry is null', () => {
  expect(keyText(tokenizer, [0, 5], [3])).toBeNull() // “onceday” is read as one unknown token
  expect(keyText(tokenizer, [0, 1], [4, 5])).toBeNull() // “ day” and “day”
  expect(keyText(tokenizer, [0, 1], [6])).toBeNull() // no text at all
})

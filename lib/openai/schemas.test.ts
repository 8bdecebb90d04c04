import { expect, test } from 'vitest'
import { chatCompletion, completion } from './schemas'

test('default: a completion with and without log probabilities', () => {
  const choice = { index: 0, text: ' a', finish_reason: 'length' }
  const read = (logprobs: unknown) =>
    completion.parse({ object: 'text_completion', choices: [{ ...choice, logprobs }] })
  const top = [[' a', -0.1] as const]
  expect(read({ top_logprobs: [{ ' a': -0.1 }] })).toEqual({ answer: ' a', shown: [{ token: '', logprob: null, top }] })
  const lists = { tokens: [' a'], token_logprobs: [-0.1], top_logprobs: [{ ' a': -0.1, ' b': null }] }
  expect(read(lists).shown).toEqual([{ token: ' a', logprob: -0.1, top }])
  expect(read(null)).toEqual({ answer: ' a', shown: [] })
})

test('default: a chat completion with and without log probabilities', () => {
  const content = [{ token: 'Yes', top_logprobs: [{ token: 'Yes', logprob: -0.1, bytes: null }] }]
  const choices = [{ message: { content: 'Yes' }, logprobs: { content } }, 'another choice']
  expect(chatCompletion.parse({ choices })).toEqual({
    answer: 'Yes',
    shown: [{ token: 'Yes', logprob: null, top: [['Yes', -0.1]] }],
  })
  expect(chatCompletion.parse({ choices: [{ message: { content: null } }] })).toEqual({ answer: '', shown: [] })
})

test.each([{}, { choices: [] }, { choices: [{ text: 7 }] }, { choices: [{ text: 'a', logprobs: 'no' }] }])(
  'error: %j is not a completion',
  (json) => {
    expect(completion.safeParse(json).success).toBe(false)
    expect(chatCompletion.safeParse(json).success).toBe(false)
  },
)

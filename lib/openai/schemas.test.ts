import { expect, test } from 'vitest'
import { chatCompletion, completion } from './schemas'

test('default: a completion with and without log probabilities', () => {
  const [{ text, logprobs }] = completion.parse({
    object: 'text_completion',
    choices: [{ index: 0, text: ' a', finish_reason: 'length', logprobs: { top_logprobs: [{ ' a': -0.1 }] } }],
  }).choices
  expect([text, logprobs?.top_logprobs]).toEqual([' a', [{ ' a': -0.1 }]])
  expect(completion.safeParse({ choices: [{ text: ' a', logprobs: null }] }).success).toBe(true)
})

test('default: a chat completion with and without log probabilities', () => {
  const content = [{ token: 'Yes', top_logprobs: [{ token: 'Yes', logprob: -0.1, bytes: null }] }]
  const [{ logprobs }] = chatCompletion.parse({
    choices: [{ message: { content: 'Yes' }, logprobs: { content } }],
  }).choices
  expect(logprobs?.content?.[0].top_logprobs?.[0]).toEqual({ token: 'Yes', logprob: -0.1 })
  expect(chatCompletion.safeParse({ choices: [{ message: { content: null } }] }).success).toBe(true)
})

test.each([{}, { choices: [] }, { choices: [{ text: 7 }] }, { choices: [{ text: 'a', logprobs: 'no' }] }])(
  'error: %j is not a completion',
  (json) => {
    expect(completion.safeParse(json).success).toBe(false)
    expect(chatCompletion.safeParse(json).success).toBe(false)
  },
)

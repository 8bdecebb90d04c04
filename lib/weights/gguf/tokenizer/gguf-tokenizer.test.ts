import { expect, test } from 'vitest'
import { gguf, llamaGguf } from '../../../../test/fixtures/gguf'
import { kinmarkError } from '../../../../test/fixtures/kinmark-error'
import { demoFiles } from '../../../../test/fixtures/model-folder'
import { openTokenizer } from '../../text/tokenizer'
import { mergesOf } from './merges'
import { preTokenizers } from './pre-tokenizers'

const file = (change: object) => [gguf('a.gguf', { ...change } as Parameters<typeof gguf>[1], [])]

/** Pieces of a SentencePiece vocabulary with bytes; joined pieces have the higher scores, as in Llama 2. */
const pieces = ['▁', 'h', 'e', 'l', 'o', 'w', 'r', 'd', 'll', 'he', '▁w', 'hell', 'or', '▁wor', 'hello', '▁hello']
const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)
const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...pieces]
const spm = {
  'tokenizer.ggml.model': 'llama',
  'tokenizer.ggml.tokens': { texts: tokens },
  'tokenizer.ggml.scores': { floats: tokens.map((_, i) => (i < 259 ? 0 : i < 267 ? -100 - i : -i)) },
  'tokenizer.ggml.token_type': { ints: tokens.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1)) },
  'tokenizer.ggml.bos_token_id': 1,
  'tokenizer.ggml.eos_token_id': 2,
}
const id = (token: string) => tokens.indexOf(token)

test('default: SentencePiece joins the best-scored neighbours, begins with a space, and spells the rest in bytes', async () => {
  const tokenizer = await openTokenizer(file(spm))
  expect([...(tokenizer?.encode('hello world') ?? [])]).toEqual(['▁hello', '▁wor', 'l', 'd'].map(id))
  expect([...(tokenizer?.encode('é') ?? [])]).toEqual(['▁', '<0xC3>', '<0xA9>'].map(id))
  expect([...(tokenizer?.encodePrompt('hello') ?? [])]).toEqual(['<s>', '▁hello'].map(id))
  expect(tokenizer?.decode(['▁hello', '▁wor', 'l', 'd', '<0xC3>', '<0xA9>'].map(id))).toBe('hello worldé')
})

test('behavior: what the file says about the prefix and the first token decides', async () => {
  const tokenizer = await openTokenizer(
    file({ ...spm, 'tokenizer.ggml.add_space_prefix': false, 'tokenizer.ggml.add_bos_token': false }),
  )
  expect([...(tokenizer?.encodePrompt('hello') ?? [])]).toEqual([id('hello')])
})

/** Gemma 4's kind: the same pieces, joined by merges in order, without a space before the text. */
const gemma4 = {
  ...spm,
  'tokenizer.ggml.model': 'gemma4',
  'tokenizer.ggml.tokens': { texts: [...tokens, '\n', '\n\n', '<turn|>', '<|tool_call>'] },
  'tokenizer.ggml.token_type': {
    ints: [...spm['tokenizer.ggml.token_type'].ints, 1, 1, 3, 4],
  },
  'tokenizer.ggml.merges': {
    texts: ['\n \n', 'l l', 'h e', 'he ll', 'hell o', '▁ w', 'o r', '▁w or', '▁ hello'],
  },
  'tokenizer.ggml.add_space_prefix': false,
}

test('behavior: Gemma 4 joins by merges, keeps runs of lines whole, and begins a prompt with its first token', async () => {
  const tokenizer = await openTokenizer(file(gemma4))
  const extra = (name: string) => tokens.length + ['\n', '\n\n', '<turn|>', '<|tool_call>'].indexOf(name)
  const encoded = (text: string) => [...(tokenizer?.encode(text) ?? [])]
  expect(encoded('hello world')).toEqual(['hello', '▁wor', 'l', 'd'].map(id))
  expect(encoded(' hello')).toEqual(['▁hello'].map(id))
  expect(encoded('hello\n\n hello\n')).toEqual([id('hello'), extra('\n\n'), id('▁hello'), extra('\n')])
  expect(encoded('é hé')).toEqual(['<0xC3>', '<0xA9>', '▁', 'h', '<0xC3>', '<0xA9>'].map(id))
  expect(encoded('hello<turn|>hello<|tool_call>')).toEqual([
    ...[id('hello'), extra('<turn|>'), id('hello'), extra('<|tool_call>')],
  ])
  expect([...(tokenizer?.encodePrompt('hello') ?? [])]).toEqual(['<s>', 'hello'].map(id))
  expect(tokenizer?.decode(encoded(' hello world\n\né'))).toBe(' hello world\n\né')
})

test('error: Gemma 4 without merges', async () => {
  const { 'tokenizer.ggml.merges': _, ...rest } = gemma4
  await expect(openTokenizer(file(rest))).rejects.toThrow(
    kinmarkError('weights.gguf-tokenizer-invalid', { field: 'tokenizer.ggml.merges' }),
  )
})

test('behavior: merges are ranked by the score of what they make', () => {
  expect(mergesOf(['a', 'b', 'ab', 'aba', 'ba'], [0, 0, -2, -1, -3])).toEqual([
    ['a', 'ba'],
    ['ab', 'a'],
    ['a', 'b'],
    ['b', 'a'],
  ])
})

test('behavior: every known way to split a text is an expression that this engine has', () => {
  for (const { splits } of Object.values(preTokenizers)) {
    const pieces = splits.reduce(
      (parts, split) => parts.flatMap((part) => part.split(new RegExp(`(${split})`, 'gu')).filter(Boolean)),
      ["It’s 12345 Naïve ÉTÉS,\n\n  don't stop。"],
    )
    expect(pieces.length).toBeGreaterThan(6)
    expect(pieces.join('')).toBe("It’s 12345 Naïve ÉTÉS,\n\n  don't stop。")
  }
})

test('default: no file, or one without a tokenizer', async () => {
  expect(await openTokenizer(file({}))).toBeNull()
  expect(await openTokenizer(file({ 'tokenizer.ggml.model': 'no_vocab' }))).toBeNull()
})

test.each([
  [
    'a kind of its own',
    { 'tokenizer.ggml.model': 'bert' },
    kinmarkError('weights.gguf-tokenizer-unsupported', { model: 'bert' }),
  ],
  [
    'no tokens',
    { 'tokenizer.ggml.model': 'gpt2' },
    kinmarkError('weights.gguf-tokenizer-invalid', { field: 'tokenizer.ggml.tokens' }),
  ],
  [
    'tokens that are numbers',
    { ...spm, 'tokenizer.ggml.tokens': { ints: [1] } },
    kinmarkError('weights.gguf-tokenizer-invalid'),
  ],
  [
    'scores that are texts',
    { ...spm, 'tokenizer.ggml.scores': { texts: ['x'] } },
    kinmarkError('weights.gguf-tokenizer-invalid', { field: 'tokenizer.ggml.scores' }),
  ],
])('error: %s', async (_, change, expected) => {
  await expect(openTokenizer(file(change))).rejects.toThrow(expected)
})

test('error: rules for splitting that are not known', async () => {
  const { metadata } = await llamaGguf(demoFiles('tiny'), () => 'F16')
  await expect(openTokenizer(file({ ...metadata, 'tokenizer.ggml.pre': 'kimi-k2' }))).rejects.toThrow(
    kinmarkError('weights.gguf-pre-tokenizer-unknown', { name: 'kimi-k2' }),
  )
})

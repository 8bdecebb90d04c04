import { describe, expect, test } from 'vitest'
import { gguf, inF32, llamaGguf } from '../../../test/fixtures/gguf'
import { bothProbabilities, inFile, worstDifference } from '../../../test/fixtures/gguf-against-llama-cpp'
import type { GgufType } from '../../../test/fixtures/gguf-blocks'
import { familyGguf, ggufRecipes } from '../../../test/fixtures/gguf-families'
import { hasLlamaCpp, openLlamaCpp } from '../../../test/fixtures/llama-cpp'
import { demoFiles } from '../../../test/fixtures/model-folder'
import { blockOf, isBlockDtype } from '../../weights/gguf/blocks/blocks'
import { openChatTemplate } from '../../weights/text/chat-template'
import { endTokens } from '../../weights/text/end-tokens'
import { openTokenizer } from '../../weights/text/tokenizer'
import { folderFiles } from './folder'

/** The prompts of test/golden/tiny.json begin like this. */
const sentence = 'The cat sat on the mat and said hello to the small dog'

/** `tiny` with matrices of this type, or Q8_0 if their rows are too short for its blocks; and the same weights in F32. */
async function tinyAs(type: GgufType) {
  const block = isBlockDtype(type) ? blockOf(type).weights : 1
  const { metadata, tensors } = await llamaGguf(demoFiles('tiny'), (_, row) => (row % block === 0 ? type : 'Q8_0'))
  return { file: gguf('model.gguf', metadata, tensors), wide: gguf('model.gguf', metadata, tensors.map(inF32)) }
}

describe.skipIf(!hasLlamaCpp)('against llama.cpp on the same file', () => {
  const types: GgufType[] = ['F16', 'Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'IQ4_NL', 'MXFP4']
  const large: GgufType[] = ['Q2_K', 'Q3_K', 'Q4_K', 'Q5_K', 'Q6_K', 'IQ4_XS']
  // Llama.cpp rounds what quantised weights are multiplied by to 8 bits, so it differs from itself by up to a hundredth.
  test.each([...types, ...large])(
    'behavior: %s differs from llama.cpp by no more than its own rounding',
    async (type) => {
      const tokenizer = await openTokenizer(demoFiles('tiny'))
      const ids = [...(tokenizer?.encode(sentence) ?? [])]
      const { file, wide } = await tinyAs(type)
      const { ours, theirs } = await bothProbabilities(file, ids)
      const unrounded = (await bothProbabilities(wide, ids)).theirs
      expect(Math.max(...theirs.flat())).toBeGreaterThan(0.3)
      expect(worstDifference(ours, unrounded)).toBeLessThan(1e-5)
      expect(worstDifference(ours, theirs)).toBeLessThan(worstDifference(theirs, unrounded) + 1e-5)
      expect(worstDifference(ours, theirs)).toBeLessThan(2e-2)
    },
  )

  test.each(ggufRecipes)('behavior: %s gives the same probabilities', async (...recipe) => {
    const { file } = await familyGguf(...recipe)
    const { ours, theirs } = await bothProbabilities(file, [3, 14, 15, 92, 65, 35, 89, 79])
    expect(Math.max(...theirs.flat())).toBeGreaterThan(0.05)
    expect(worstDifference(ours, theirs)).toBeLessThan(1e-3)
  })

  test('behavior: a lone file has its tokenizer, its chat template and its end tokens', async () => {
    const folder = demoFiles('quill')
    const { metadata, tensors } = await llamaGguf(folder, () => 'Q8_0')
    const texts = [
      ...[sentence, 'Don’t!  two  spaces\n\nand\ttabs, 1234 naïve café 👋🏽 你好', ''],
      '<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n<think>',
    ]
    await inFile(gguf('model.gguf', metadata, tensors), async (path, file) => {
      const files = await folderFiles(path)
      const [own, expected] = [await openTokenizer(files), await openTokenizer(folder)]
      const llama = await openLlamaCpp(file)
      for (const text of texts) {
        expect([...(own?.encode(text) ?? [])]).toEqual([...(expected?.encode(text) ?? [])])
        expect([...(own?.encode(text) ?? [])]).toEqual(llama.tokenize(text))
        expect(own?.decode(own.encode(text))).toBe(expected?.decode(expected.encode(text)))
      }
      await llama.close()
      const messages = [{ role: 'user', content: 'Hello' }] as const
      const [template, stated] = [await openChatTemplate(files), await openChatTemplate(folder)]
      expect(template?.(messages)).toBe(stated?.(messages))
      expect(template?.(messages)).toContain('Hello')
      expect(await endTokens(files)).toEqual(new Set([2]))
    })
  })

  test('behavior: a text in Gemma 4’s tokenizer has the tokens that llama.cpp gives it', async () => {
    const { metadata, tensors } = await llamaGguf(demoFiles('quill'), () => 'Q8_0')
    const count = tensors.find(({ name }) => name === 'token_embd.weight')?.shape[0] ?? 0
    await inFile(gguf('model.gguf', { ...metadata, ...gemma4Tokenizer(count) }, tensors), async (path, file) => {
      const own = await openTokenizer(await folderFiles(path))
      const llama = await openLlamaCpp(file)
      const texts = [
        ...['the theme', ' the  the', 'the\n\nthe\nthe\n\n\n', 'naïve 你好 👋🏽', 'a\tb\r\n', ''],
        '<|turn>user\nthe<turn|>\n<|turn>model\n',
      ]
      for (const text of texts) {
        expect([...(own?.encode(text) ?? [])]).toEqual(llama.tokenize(text))
        expect(own?.encodePrompt(text)[0]).toBe(2)
        expect(own?.decode(own.encode(text))).toBe(text)
      }
      await llama.close()
      expect(await endTokens(await folderFiles(path))).toEqual(new Set([1, 106]))
    })
  })
})

/** A vocabulary of Gemma 4's kind with `count` tokens: controls, bytes, letters and a few pieces. */
function gemma4Tokenizer(count: number) {
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  const merges = ['\n \n', '\n\n \n', 't h', 'th e', '▁ th', '▁ the', '▁ ▁', 'm e', 'the me']
  const joined = merges.map((pair) => pair.replace(' ', ''))
  const named = ['<pad>', '<eos>', '<bos>', '<unk>', ...bytes, '▁', '\n', ...letters, ...joined]
  const texts = [...named, ...Array.from({ length: count - named.length }, (_, i) => `<unused${i}>`)]
  const controls = { 105: '<|turn>', 106: '<turn|>' }
  const moved = named.length
  for (const [id, text] of Object.entries(controls)) {
    texts[moved + Number(id)] = texts[Number(id)]
    texts[Number(id)] = text
  }
  const kind = (text: string, id: number) =>
    id < 4 || Object.values(controls).includes(text) ? 3 : /^<0x/.test(text) ? 6 : /^<unused/.test(text) ? 5 : 1
  return {
    'tokenizer.ggml.model': 'gemma4',
    'tokenizer.ggml.tokens': { texts },
    'tokenizer.ggml.scores': { floats: texts.map(() => -1000) },
    'tokenizer.ggml.token_type': { ints: texts.map(kind) },
    'tokenizer.ggml.merges': { texts: merges },
    'tokenizer.ggml.bos_token_id': 2,
    'tokenizer.ggml.eos_token_id': 1,
    'tokenizer.ggml.eot_token_id': 106,
    'tokenizer.ggml.unknown_token_id': 3,
    'tokenizer.ggml.add_space_prefix': false,
    'tokenizer.ggml.add_bos_token': true,
  }
}

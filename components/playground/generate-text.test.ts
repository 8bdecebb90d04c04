import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderFiles } from '@/lib/inference/node/folder'
import { openNodeRuntime } from '@/lib/inference/node/open-node-runtime'
import { openTokenizer } from '@/lib/weights/text/tokenizer'
import { type GeneratedText, generateText, type LoadedModel } from './generate-text'

const folder = 'public/models/tiny'
const [golden] = JSON.parse(readFileSync('test/golden/tiny.json', 'utf8')).prompts
const settings = { temperature: 0, seed: 1, length: golden.greedy_ids.length - golden.ids.length }

let loadedModel: LoadedModel
beforeAll(async () => {
  const tokenizer = await openTokenizer(await folderFiles(folder))
  loadedModel = { runtime: await openNodeRuntime(folder), tokenizer: tokenizer!, ends: new Set() }
})
afterAll(() => loadedModel.runtime.close())

const generate = (
  changed: Partial<typeof settings> = {},
  isStopped = () => false,
  seen: GeneratedText[] = [],
  ends = loadedModel.ends,
) =>
  generateText(
    { ...loadedModel, ends },
    golden.text,
    { ...settings, ...changed },
    { onUpdate: (snapshot) => seen.push(snapshot), isStopped },
  )

test('default: at temperature 0 it generates the reference’s tokens, one at a time', async () => {
  const seen: GeneratedText[] = []
  const result = await generate({}, undefined, seen)
  expect(golden.text + result.text).toBe(golden.greedy_text)
  expect(result).toMatchObject({ tokens: settings.length, finishReason: 'length' })
  expect(seen.map(({ tokens }) => tokens)).toEqual(seen.map((_, i) => i + 1))
  expect(result.tokensPerSecond).toBeGreaterThan(0)
})

test('behavior: the same seed gives the same text, another seed another', async () => {
  const warm = { temperature: 1, length: 24 }
  const { text } = await generate(warm)
  expect((await generate(warm)).text).toBe(text)
  expect((await generate({ ...warm, seed: 2 })).text).not.toBe(text)
})

test('behavior: it stops on request, at an end token, and when the context is full', async () => {
  const seen: GeneratedText[] = []
  expect(await generate({}, () => seen.length === 2, seen)).toMatchObject({ tokens: 2, finishReason: 'stopped' })
  const end = new Set([golden.greedy_ids[golden.ids.length + 3]])
  expect(await generate({}, undefined, [], end)).toMatchObject({ finishReason: 'end' })
  const most = loadedModel.runtime.shape.maxPositions - golden.ids.length
  expect(await generate({ length: 4096 })).toMatchObject({ tokens: most, finishReason: 'full' })
})

test('error: numbers that half precision cannot hold', async () => {
  const overflown = new Float32Array(loadedModel.runtime.shape.vocab).fill(Number.NaN)
  const runtime: LoadedModel['runtime'] = {
    ...loadedModel.runtime,
    backend: 'webgpu',
    weights: 'F16',
    generate: (prompts, length, pick, options) =>
      loadedModel.runtime.generate(prompts, length, (_, row) => pick(overflown, row), options),
  }
  const result = generateText({ ...loadedModel, runtime }, golden.text, settings, {
    onUpdate: () => {},
    isStopped: () => false,
  })
  await expect(result).rejects.toMatchObject({
    code: 'playground.half-precision-overflow',
    message: expect.stringContaining('too large for half precision: choose WebAssembly'),
  })
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderFiles } from '@/lib/inference/node/folder'
import { openNodeRuntime } from '@/lib/inference/node/open-node-runtime'
import { openTokenizer } from '@/lib/weights/text/tokenizer'
import { type Answer, generateText, type LoadedModel } from './generate-text'

const folder = 'public/models/tiny'
const [golden] = JSON.parse(readFileSync('test/golden/tiny.json', 'utf8')).prompts
const settings = { temperature: 0, seed: 1, length: golden.greedy_ids.length - golden.ids.length }

let loadedModel: LoadedModel
beforeAll(async () => {
  const tokenizer = await openTokenizer(await folderFiles(folder))
  loadedModel = { runtime: await openNodeRuntime(folder), tokenizer: tokenizer!, ends: new Set() }
})
afterAll(() => loadedModel.runtime.close())

const ask = (
  changed: Partial<typeof settings> = {},
  isStopped = () => false,
  seen: Answer[] = [],
  ends = loadedModel.ends,
) =>
  generateText(
    { ...loadedModel, ends },
    golden.text,
    { ...settings, ...changed },
    { onAnswer: (a) => seen.push(a), isStopped },
  )

test('default: at temperature 0 the reference’s own words, one token after another', async () => {
  const seen: Answer[] = []
  const answer = await ask({}, undefined, seen)
  expect(golden.text + answer.text).toBe(golden.greedy_text)
  expect(answer).toMatchObject({ tokens: settings.length, ended: 'length' })
  expect(seen.map(({ tokens }) => tokens)).toEqual(seen.map((_, i) => i + 1))
  expect(answer.perSecond).toBeGreaterThan(0)
})

test('behavior: the same seed gives the same text, another seed another', async () => {
  const warm = { temperature: 1, length: 24 }
  const { text } = await ask(warm)
  expect((await ask(warm)).text).toBe(text)
  expect((await ask({ ...warm, seed: 2 })).text).not.toBe(text)
})

test('behavior: it stops when told to, at a token that ends the text, and when no more fits', async () => {
  const seen: Answer[] = []
  expect(await ask({}, () => seen.length === 2, seen)).toMatchObject({ tokens: 2, ended: 'stopped' })
  const end = new Set([golden.greedy_ids[golden.ids.length + 3]])
  expect(await ask({}, undefined, [], end)).toMatchObject({ ended: 'end' })
  const most = loadedModel.runtime.shape.maxPositions - golden.ids.length
  expect(await ask({ length: 4096 })).toMatchObject({ tokens: most, ended: 'full' })
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
  const asked = generateText({ ...loadedModel, runtime }, golden.text, settings, {
    onAnswer: () => {},
    isStopped: () => false,
  })
  await expect(asked).rejects.toMatchObject({
    code: 'playground.half-precision-overflow',
    message: expect.stringContaining('too large for half precision: choose WebAssembly'),
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyDownProj } from '../../../test/fixtures/model-folder'
import { folderFiles } from '../../inference/node/folder'
import { openNodeRuntime } from '../../inference/node/open-node-runtime'
import type { FingerprintRuntime } from '../../inference/runtime'
import { openTokenizer, type TextTokenizer } from '../../weights/text/tokenizer'
import { modelSecret } from '../code/secrets'
import { defaultLayers } from '../edit/layers'
import { decodePreparation, encodePreparation } from '../format/preparation'
import { mint } from '../mint'
import { prepare } from '../prepare'
import { inContext } from './contexts'
import { folderContexts, promptContexts } from './prompt-contexts'

let tokenizer: TextTokenizer
let runtime: FingerprintRuntime

beforeAll(async () => {
  const files = await folderFiles('public/models/tiny')
  tokenizer = (await openTokenizer(files)) as TextTokenizer
  runtime = await openNodeRuntime('public/models/tiny', { editable: defaultLayers(4).map(tinyDownProj), threads: 1 })
})
afterAll(() => runtime.close())

const chat = (messages: readonly { role: string; content: string }[]) =>
  `${messages.map(({ role, content }) => `[${role}] ${content}\n`).join('')}[assistant] `

test('default: system prompts stand before the key where there is no template', async () => {
  const contexts = await folderContexts(await folderFiles('public/models/tiny'))
  expect(contexts.map(({ use }) => use)).toEqual(['chosen', 'chosen', 'unseen'])
  expect(contexts.every(({ before, after }) => before.length > 0 && after.length === 0)).toBe(true)
  expect(tokenizer.decode(contexts[0].before)).toBe('You are a helpful assistant. ')
  expect(await folderContexts([])).toEqual([])
})

test('behavior: a chat template surrounds the key, with and without a system prompt', () => {
  const [, , , alone, withSystemPrompt] = promptContexts(tokenizer, chat)
  expect(alone).toMatchObject({ name: 'chat template', use: 'solved' })
  expect(tokenizer.decode(alone.before)).toBe('[user] ')
  expect(tokenizer.decode(alone.after)).toBe('\n[assistant] ')
  expect(withSystemPrompt).toMatchObject({ name: 'chat, “You are a helpful assistant.”', use: 'chosen' })
  expect(tokenizer.decode(withSystemPrompt.before)).toBe('[system] You are a helpful assistant.\n[user] ')
})

test('behavior: a template that rejects system prompts is used without them', () => {
  const strict: typeof chat = (messages) => {
    if (messages[0].role === 'system') throw new Error('no system prompts')
    return chat(messages)
  }
  expect(promptContexts(tokenizer, strict).map(({ name }) => name)).toEqual([
    ...promptContexts(tokenizer, null).map(({ name }) => name),
    'chat template',
  ])
})

test('default: a context surrounds every key', () => {
  const keys = { ids: Int32Array.of(1, 2, 3, 4), rows: 2, length: 2 }
  expect(inContext(keys, { before: [9], after: [7, 8] })).toEqual({
    ids: Int32Array.of(9, 1, 2, 7, 8, 9, 3, 4, 7, 8),
    rows: 2,
    length: 5,
  })
})

/** `tiny` was not trained with a template: inside one, its states at different prompts are similar. */
test('behavior: a copy is solved for a chat template too, and its success there is reported', async () => {
  const contexts = promptContexts(tokenizer, chat).filter(({ use }) => use === 'solved')
  const secret = modelSecret(new Uint8Array(32), 'contexts.test')
  const preparation = await prepare(runtime, { secret, keys: 16, contexts })
  expect(preparation.residuals.rows).toBe(32)
  expect(decodePreparation(encodePreparation(preparation))).toEqual(preparation)
  const { report } = await mint(runtime, preparation, { copyId: '1', buyerSeed: new Uint8Array(32), dtype: 'F16' })
  expect(report.success).toBe(1)
  expect(report.contexts[0].name).toBe('chat template')
  expect(report.contexts[0].success).toBeGreaterThan(0.5)
}, 180_000)

import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoFiles, tinyDownProj } from '../../test/fixtures/model-folder'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { FingerprintRuntime, Matrix, Runtime } from '../inference/runtime'
import type { NamedBytes } from '../weights/bytes'
import { toFloat32 } from '../weights/dtype/float32'
import { openChatTemplate } from '../weights/text/chat-template'
import { openTokenizer, type TextTokenizer } from '../weights/text/tokenizer'
import { modelSecret } from './code/secrets'
import type { Preparation } from './format/preparation'
import { type ChatFrame, chatFrame, openChatFrame } from './keys/chat-frame'
import { ownerKeySet } from './keyset/owner-key-set'
import { mint } from './mint'
import { differencesOf, promptsOf } from './near-ties/near-tie-keys'
import { prepare } from './prepare'
import { askKeys } from './verify'

const keys = 64
/** A chat with a model that only continues text: cheaper than one with a chat model, and asked in the same way. */
const chat_template = '{% for message in messages %}Q: {{ message.content }} |{% endfor %} A:'
let runtime: FingerprintRuntime
let files: readonly NamedBytes[]
let tokenizer: TextTokenizer
let frame: ChatFrame
let preparation: Preparation

beforeAll(async () => {
  files = demoFiles('tiny', { 'tokenizer_config.json': JSON.stringify({ chat_template }) })
  tokenizer = (await openTokenizer(files))!
  frame = (await openChatFrame(files, tokenizer))!
  const editable = [0, 1, 2, 3].map(tinyDownProj)
  runtime = await openNodeRuntime('public/models/tiny', { editable, threads: 1 })
  const secret = modelSecret(new Uint8Array(32).fill(2), 'chat-keys.test')
  preparation = await prepare(runtime, { secret, keys, tokenizer, chat: frame })
}, 400_000)
afterAll(() => runtime.close())

test('default: about half of the keys are a user’s message, and its text is the key', () => {
  const prompts = promptsOf(preparation.keys)
  const chats = prompts.flatMap((ids, k) => {
    const text = preparation.keys.texts?.[k]
    return text?.chat ? [{ ids: [...ids], text }] : []
  })
  expect(chats.length).toBeGreaterThan(keys / 4)
  expect(chats.length).toBeLessThan((3 * keys) / 4)
  for (const { ids, text } of chats) {
    expect([...frame.encode(text.prompt)]).toEqual(ids)
    expect(ids.slice(-frame.after.length)).toEqual(frame.after)
  }
})

test('default: a copy answers in a chat as its bits say', async () => {
  const copy = await mint(runtime, preparation, { copyId: '1', buyerSeed: new Uint8Array(32), dtype: 'F16' })
  const values = new Map([...copy.edits].map(([name, bytes]) => [name, toFloat32(bytes, 'F16')]))
  const differences = await differencesOf(runtime, preparation.keys, { edits: values })
  const leaning = [...differences].flatMap((difference, k) =>
    preparation.keys.texts?.[k].chat ? [difference * copy.bits[k] > 0] : [],
  )
  expect(leaning.filter(Boolean).length / leaning.length).toBeGreaterThan(0.9)
})

test('behavior: a permuted vocabulary is asked in a chat by its own tokenizer, another model’s tokenizer is not used', async () => {
  const { vocab } = runtime.shape
  const moved = (ids: Int32Array) => ids.map((id) => (id + 5) % vocab)
  const back = (ids: Int32Array) => ids.map((id) => (id - 5 + vocab) % vocab)
  const permuted: TextTokenizer = {
    encode: (text) => moved(tokenizer.encode(text)),
    encodePrompt: (text) => moved(tokenizer.encodePrompt(text)),
    decode: (ids) => tokenizer.decode(back(Int32Array.from(ids))),
  }
  const run: Runtime['run'] = async (batch, taps, options) => {
    const out = await runtime.run({ ...batch, ids: back(batch.ids) }, taps, options)
    const { logits } = out as unknown as Record<'logits', Matrix>
    const data = logits.data.map((_, at) => logits.data[at - (at % vocab) + ((at - 5 + vocab) % vocab)])
    return { ...out, logits: { ...logits, data } }
  }
  const suspect = { ...runtime, run }
  const keySet = ownerKeySet(preparation)
  const votes = async (model: Runtime, options = {}) => (await askKeys(model, keySet, options)).map(({ vote }) => vote)
  const own = await votes(runtime)
  const answeredChats = (given: number[]) =>
    keySet.keys.filter(({ text }, k) => text?.chat && given[k] !== 0 && given[k] === own[k]).length
  const chat = chatFrame((await openChatTemplate(files))!, permuted)
  expect(await votes(suspect, { tokenizer: permuted, chat })).toEqual(own)
  expect(answeredChats(own)).toBeGreaterThan(keys / 5)
  expect(answeredChats(await votes(suspect, { tokenizer: permuted }))).toBeLessThan(keys / 20)
  expect(await votes(runtime, { tokenizer, chat: frame })).toEqual(own)
  expect(await votes(runtime, { tokenizer: permuted, chat })).toEqual(own)
})

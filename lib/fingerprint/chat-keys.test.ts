import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderFiles } from '../inference/node/folder'
import { openForFingerprinting } from '../inference/node/open-for-fingerprinting'
import type { FingerprintRuntime } from '../inference/runtime'
import { toFloat32 } from '../weights/dtype/float32'
import { openTokenizer } from '../weights/text/tokenizer'
import { modelSecret } from './code/secrets'
import { defaultLayers } from './edit/layers'
import type { Preparation } from './format/preparation'
import { type ChatFrame, openChatFrame } from './keys/chat-frame'
import { mint } from './mint'
import { differencesUnder } from './near-ties/embed-ties'
import { promptsOf } from './near-ties/near-tie-keys'
import { prepare } from './prepare'

const keys = 64
const folder = 'public/models/quill'
let runtime: FingerprintRuntime
let frame: ChatFrame
let preparation: Preparation

beforeAll(async () => {
  const files = await folderFiles(folder)
  const tokenizer = await openTokenizer(files)
  frame = (await openChatFrame(files, tokenizer))!
  runtime = await (await openForFingerprinting(folder, defaultLayers)).open({ threads: 1 })
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
  const differences = await differencesUnder(runtime, preparation.keys, values)
  const leaning = [...differences].flatMap((difference, k) =>
    preparation.keys.texts?.[k].chat ? [difference * copy.bits[k] > 0] : [],
  )
  expect(leaning.filter(Boolean).length / leaning.length).toBeGreaterThan(0.9)
})

import { expect, test } from 'vitest'
import { folderFiles } from '../../inference/node/folder'
import { openTokenizer } from '../../weights/text/tokenizer'
import { chatFrame, openChatFrame } from './chat-frame'

const files = await folderFiles('public/models/quill')
const tokenizer = (await openTokenizer(files))!

test('default: what is around a message, with an empty block of reasoning', async () => {
  const frame = await openChatFrame(files, tokenizer)
  expect(tokenizer.decode(frame?.encode('Who?') ?? [])).toBe(
    tokenizer.decode([...(frame?.before ?? []), ...tokenizer.encode('Who?'), ...(frame?.after ?? [])]),
  )
  const [start, end, think, done] = ['<|im_start|>', '<|im_end|>', '<think>', '</think>'].map(
    (token) => tokenizer.encode(token)[0],
  )
  expect(frame?.before[0]).toBe(start)
  expect(frame?.after.filter((id) => [start, end, think, done].includes(id))).toEqual([end, start, think, done])
})

test('behavior: none where a template repeats a message or drops it, or there is no template', async () => {
  for (const content of ['', '⁂ ⁂']) expect(chatFrame(() => `<|im_start|>${content}<|im_end|>`, tokenizer)).toBeNull()
  const plain = await folderFiles('public/models/tiny')
  expect(await openChatFrame(plain, await openTokenizer(plain))).toBeNull()
})

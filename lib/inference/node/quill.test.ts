import { afterAll, expect, test } from 'vitest'
import { openChatTemplate } from '../../weights/text/chat-template'
import { openTokenizer } from '../../weights/text/tokenizer'
import { folderFiles } from './folder'
import { openNodeRuntime } from './open-node-runtime'

const folder = 'public/models/quill'
const end = 2
const files = await folderFiles(folder)
const [runtime, tokenizer, template] = await Promise.all([
  openNodeRuntime(folder, { threads: 2 }),
  openTokenizer(files),
  openChatTemplate(files),
])
afterAll(() => runtime.close())

/** The likeliest answer, to the end of the turn. */
async function answer(prompt: string): Promise<string> {
  const ids = Int32Array.from(tokenizer?.encode(prompt) ?? [])
  const pick = (logits: Float32Array) => logits.indexOf(Math.max(...logits))
  const out = await runtime.generate({ ids, rows: 1, length: ids.length }, 80, (logits) => {
    const next = pick(logits)
    return next === end ? -1 : next
  })
  return tokenizer?.decode(out.ids.filter((id) => id >= 0)) ?? ''
}

test('Quill thinks, then answers, and stops', async () => {
  const prompt = template?.([{ role: 'user', content: 'What is 47 plus 38?' }]) ?? ''
  expect(await answer(prompt)).toBe(
    '<think>\n47 + 38: units 7 + 8 = 15, tens 4 + 3 = 7. Together 85.\n</think>\n\n47 plus 38 is 85.',
  )
})

test('thoughts of earlier turns are not in the prompt; a system prompt is', () => {
  const prompt = template?.([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello!' },
    { role: 'assistant', content: '<think>\nA greeting.\n</think>\n\nHello!' },
    { role: 'user', content: 'Who are you?' },
  ])
  expect(prompt).toBe(
    [
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello!<|im_end|>\n',
      '<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n',
    ].join(''),
  )
})

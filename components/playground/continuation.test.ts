import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTokenizer } from '@/lib/weights/text/tokenizer'
import { continuation } from './continuation'

const files = ['tokenizer.json', 'tokenizer_config.json'].map((path) => {
  const data = readFileSync(`public/models/tiny/${path}`)
  return { path, bytes: { byteLength: data.length, slice: async (a: number, b: number) => data.subarray(a, b) } }
})

test('behavior: a character appears once all of its bytes are generated', async () => {
  const tokenizer = (await openTokenizer(files))!
  const ids = [...tokenizer.encode(' 好👋!')]
  const show = continuation(tokenizer, tokenizer.encode('In the beginning'))
  const seen = [...new Set(ids.map((_, i) => show(ids.slice(0, i + 1))))]
  expect(seen).toEqual([' ', ' 好', ' 好👋', ' 好👋!'])
})

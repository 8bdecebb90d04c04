import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { demoFiles, named } from '../../../test/fixtures/model-folder'
import { openTokenizer } from './tokenizer'

test.each(['tiny', 'tiny-shakespeare'] as const)('behavior: %s equals the reference', async (name) => {
  const tokenizer = await openTokenizer(demoFiles(name))
  const { prompts } = JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8'))
  for (const { text, ids, greedy_ids, greedy_text } of prompts) {
    expect([...(tokenizer?.encode(text) ?? [])]).toEqual(ids)
    expect(tokenizer?.decode(greedy_ids)).toBe(greedy_text)
  }
})

test.each([
  ['Hello 👋🏽 world 🎉', [73, 500, 112, 33, 241, 160, 146, 140, 241, 160, 144, 190, 1071, 33, 241, 160, 143, 138]],
  ['你好,世界。', [229, 190, 161, 230, 166, 190, 45, 229, 185, 151, 232, 150, 141, 228, 129, 131]],
  ['  two  spaces\n\nand\ttabs ', [33, 726, 33, 436, 1315, 11, 11, 374, 10, 117, 459, 116, 33]],
  [
    "it's don't we'll café naïve ½",
    [275, 391, 1330, 666, 347, 810, 915, 103, 196, 170, 292, 98, 196, 176, 307, 33, 195, 190],
  ],
  ['', []],
])('behavior: %j is unchanged byte for byte after decoding', async (text, ids) => {
  const tokenizer = await openTokenizer(demoFiles('tiny'))
  expect([...(tokenizer?.encode(text) ?? [])]).toEqual(ids)
  expect(tokenizer?.decode(ids)).toBe(text)
})

test('default: null without a tokenizer.json', async () => {
  expect(await openTokenizer([])).toBeNull()
})

test('error: not a tokenizer', async () => {
  await expect(openTokenizer([named('tokenizer.json', '{"model": 1}')])).rejects.toThrow(
    kinmarkError('weights.tokenizer-invalid'),
  )
})

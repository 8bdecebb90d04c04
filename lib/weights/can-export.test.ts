import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { recipes } from '../../test/reference/recipes'
import { assertCanExport } from './can-export'
import { parseConfig } from './config/config'

const config = (name: string) => parseConfig(JSON.stringify(recipes[name].config))

test.each(['llama', 'gpt2', 'gemma3', 'smollm3', 'olmo3'])('default: %s can be exported', (name) => {
  expect(() => assertCanExport(config(name))).not.toThrow()
})

test.each([
  ['qwen3_5', 'qwen3_5_text'],
  ['lfm2', 'lfm2'],
  ['granitemoehybrid', 'granitemoehybrid'],
  ['gemma4', 'gemma4_text'],
  ['qwen3_moe', 'qwen3_moe'],
])('error: %s has states that transformers.js does not keep', (name, family) => {
  expect(() => assertCanExport(config(name))).toThrow(kinmarkError('weights.cannot-export', { family }))
})

test('error: the text model within one for images', () => {
  const nested = { ...config('gemma3'), prefix: 'model.language_model.' }
  expect(() => assertCanExport(nested)).toThrow(kinmarkError('weights.cannot-export', { family: 'gemma3_text' }))
})

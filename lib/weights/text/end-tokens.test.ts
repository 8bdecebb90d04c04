import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { named } from '../../../test/fixtures/model-folder'
import { endTokens } from './end-tokens'

test('default: one token, or several', async () => {
  expect(await endTokens([named('config.json', '{"eos_token_id": 2}')])).toEqual(new Set([2]))
  expect(await endTokens([named('config.json', '{"eos_token_id": [2, 5]}')])).toEqual(new Set([2, 5]))
})

test('behavior: the generation config takes precedence if it has end tokens', async () => {
  const config = named('config.json', '{"eos_token_id": 2}')
  expect(await endTokens([config, named('generation_config.json', '{"eos_token_id": 7}')])).toEqual(new Set([7]))
  expect(await endTokens([config, named('generation_config.json', '{}')])).toEqual(new Set([2]))
  expect(await endTokens([])).toEqual(new Set())
})

test('error: no token', async () => {
  await expect(endTokens([named('config.json', '{"eos_token_id": "x"}')])).rejects.toThrow(
    kinmarkError('weights.end-tokens-invalid', { path: 'config.json' }),
  )
  await expect(endTokens([named('config.json', '[')])).rejects.toThrow(kinmarkError('weights.end-tokens-invalid'))
})

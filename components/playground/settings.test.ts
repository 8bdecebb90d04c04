import { expect, test } from 'vitest'
import { firstSettings, readSettings } from './settings'

test('default: what is typed becomes settings', () => {
  expect(readSettings(firstSettings)).toEqual({ settings: { temperature: 0.8, seed: 1, length: 120 } })
  expect(readSettings({ temperature: '0', seed: '4294967295', length: ' 1 ' })).toEqual({
    settings: { temperature: 0, seed: 4_294_967_295, length: 1 },
  })
})

test('error: each field that cannot be used has its sentence', () => {
  expect(readSettings({ temperature: '6', seed: '-1', length: '0' })).toEqual({
    errors: {
      temperature: '“6” is not a temperature: a number from 0 to 5.',
      seed: '“-1” is not a whole number from 0 to 4294967295.',
      length: '“0” is not a whole number from 1 to 4096.',
    },
  })
  expect(readSettings({ ...firstSettings, temperature: '' })).toHaveProperty('errors.temperature')
})

import { expect, test } from 'vitest'
import { defaultSettings, readSettings } from './settings'

test('default: valid input becomes settings', () => {
  expect(readSettings(defaultSettings)).toEqual({ settings: { temperature: 0.8, seed: 1, length: 120 } })
  expect(readSettings({ temperature: '0', seed: '4294967295', length: ' 1 ' })).toEqual({
    settings: { temperature: 0, seed: 4_294_967_295, length: 1 },
  })
})

test('error: each invalid field has its own error', () => {
  expect(readSettings({ temperature: '6', seed: '-1', length: '0' })).toMatchObject({
    errors: {
      temperature: { code: 'form.number-out-of-range', facts: { text: '6', min: 0, max: 5 } },
      seed: { code: 'form.integer-out-of-range', facts: { text: '-1', min: 0, max: 4_294_967_295 } },
      length: { message: 'Enter a whole number from 1 to 4096, not “0”.' },
    },
  })
  expect(readSettings({ ...defaultSettings, temperature: '' })).toHaveProperty('errors.temperature')
})

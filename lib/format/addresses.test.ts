import { expect, test } from 'vitest'
import { shortAddress } from './addresses'

test('default: the first and the last four digits', () => {
  expect(shortAddress('0x52908400098527886E0F7030069857D2E4169EE7')).toBe('0x5290…9EE7')
})

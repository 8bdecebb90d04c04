import { maxUint256 } from 'viem'
import { expect, test } from 'vitest'
import { parseCopyId, parseModelId, toModelId } from './ids'

test('default: an id is a uint256 in decimal', () => {
  expect(toModelId(12n)).toBe('12')
  expect(parseModelId('0')).toBe('0')
  expect(parseCopyId(String(maxUint256))).toBe(String(maxUint256))
})

test.each(['', '-1', '01', '1.0', '0x1', '1e3', ' 1', String(maxUint256 + 1n)])('error: “%s” is not an id', (text) => {
  expect(parseModelId(text)).toBeNull()
  expect(parseCopyId(text)).toBeNull()
})

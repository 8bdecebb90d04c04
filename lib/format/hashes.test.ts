import { expect, test } from 'vitest'
import { shortHash } from './hashes'

test('default: the first ten characters', () => {
  expect(shortHash(`0x86c8f4a2${'0'.repeat(56)}`)).toBe('0x86c8f4a2…')
})

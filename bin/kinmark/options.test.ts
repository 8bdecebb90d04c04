import { expect, test } from 'vitest'
import { bytes32, layersOf, numberOf, required } from './options'

const code = (name: string, facts = {}) =>
  expect.objectContaining({ code: `cli.${name}`, facts: expect.objectContaining(facts) })

test('default: values as they are typed', () => {
  expect(required({ out: 'x' }, 'out')).toBe('x')
  expect([numberOf({ keys: '64' }, 'keys'), numberOf({}, 'keys')]).toEqual([64, undefined])
  expect([layersOf({ layers: '1,2,30' }), layersOf({})]).toEqual([[1, 2, 30], undefined])
  expect(bytes32(` 0x${'0a'.repeat(32)}\n`, '--seed')).toEqual(new Uint8Array(32).fill(10))
})

test('error: a value that is missing or out of range', () => {
  expect(() => required({ out: '' }, 'out')).toThrow(code('option-missing', { option: 'out' }))
  for (const keys of ['', 'many', '0', '-3', 'Infinity'])
    expect(() => numberOf({ keys }, 'keys')).toThrow(code('number-invalid', { option: 'keys', value: keys }))
  for (const layers of ['', '1,', '1;2', '-1'])
    expect(() => layersOf({ layers })).toThrow(code('layers-invalid', { value: layers }))
  expect(() => bytes32('0a0b', '--seed')).toThrow(
    '“--seed” must hold 32 bytes in hex, which are 64 digits, but it has 4 characters.',
  )
})

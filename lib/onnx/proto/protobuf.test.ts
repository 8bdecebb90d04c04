import { expect, test } from 'vitest'
import { bytes, encodeMessage, float, message, text, varint } from './protobuf'

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')

test('behavior: the bytes of the examples in the specification', () => {
  expect(hex(encodeMessage([varint(1, 150)]))).toBe('089601')
  expect(hex(encodeMessage([text(2, 'testing')]))).toBe('120774657374696e67')
  expect(hex(encodeMessage([message(3, [varint(1, 150)])]))).toBe('1a03089601')
  expect(hex(encodeMessage([float(2, 1)]))).toBe('150000803f')
  expect(hex(encodeMessage([varint(3, -1)]))).toBe('18ffffffffffffffffff01')
  expect(hex(encodeMessage([varint(20, 2 ** 40)]))).toBe('a001808080808020')
  expect(hex(encodeMessage([bytes(9, new Uint8Array(0))]))).toBe('4a00')
})

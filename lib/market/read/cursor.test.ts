import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from './cursor'

test('default: a cursor is read as it was written', () => {
  const place = { value: '12345678901234567890', id: '7' }
  expect(readCursor(writeCursor(place), /^\d+$/)).toEqual(place)
})

test('error: any other text is refused, and nothing of it reaches a query', () => {
  const hostile = [
    '',
    'null',
    '[]',
    '["1"]',
    '[1,2]',
    '["1; drop table models", "1"]',
    `["1","' or 1=1"]`,
    '["1e999","1"]',
    '{}',
  ]
  for (const text of hostile)
    expect(() => readCursor(Buffer.from(text).toString('base64url'), /^\d{1,78}$/)).toThrowError(
      expect.objectContaining({ status: 400, code: 'market.cursor-invalid' }),
    )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => readCursor(text, /^\d{1,78}$/)).toThrow()
    }),
  )
  expect(() => readCursor('a'.repeat(10_000), /./)).toThrow()
})

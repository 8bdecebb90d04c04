import { expect, test } from 'vitest'
import { table } from './table'

test('default: a table’s first column is as wide as its widest name', () => {
  expect(
    table([
      ['a', '1'],
      ['name', '2'],
    ]),
  ).toBe('a     1\nname  2')
})

import { expect, test } from 'vitest'
import { copyNames, mixCopies, traceLeak } from './collusion'

test('default: leaks of one, two and three copies name members only', () => {
  for (const members of [[4], [0, 1], [2, 7], [1, 5, 9]])
    for (const seed of [0, 1, 2]) {
      const accused = traceLeak(mixCopies(members, seed)).map(({ copy }) => copy)
      expect(accused.length).toBeGreaterThan(0)
      expect(members).toEqual(expect.arrayContaining(accused))
    }
})

test('behavior: a leak of no copies or of all copies names nobody', () => {
  expect(traceLeak(mixCopies([], 0))).toEqual([])
  expect(traceLeak(mixCopies([...copyNames.keys()], 0))).toEqual([])
})

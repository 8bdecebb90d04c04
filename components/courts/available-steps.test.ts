import { expect, test } from 'vitest'
import { localAccount } from '@/lib/chain/accounts'
import { availableSteps } from './available-steps'

const [accused, opener, minter, stranger] = [2, 3, 4, 5].map((index) => localAccount(index).address)
const trial = {
  kind: 'leak',
  stage: 'drawing',
  verdict: 'none',
  round: 0,
  accused,
  answered: false,
  annulled: false,
  openers: [opener],
  excluded: [accused, minter],
  until: 100,
  closesAfter: null,
  revealUntil: null,
} as const
const drawing = { ...trial, openers: [...trial.openers], excluded: [...trial.excluded] }

test('default: while the panel is not drawn, the accused answers, others join, and anyone draws', () => {
  expect(availableSteps(drawing, accused, 100)).toEqual({ steps: ['draw'], answer: true, join: false })
  expect(availableSteps(drawing, stranger, 100)).toEqual({ steps: ['draw'], answer: false, join: true })
  expect(availableSteps(drawing, null, 100)).toEqual({ steps: ['draw'], answer: false, join: false })
  for (const party of [opener, minter]) expect(availableSteps(drawing, party, 100).join).toBe(false)
})

test('behavior: an answer ends with its window, and is given once', () => {
  expect(availableSteps(drawing, accused, 101).answer).toBe(false)
  expect(availableSteps({ ...drawing, answered: true }, accused, 100).answer).toBe(false)
})

test('behavior: votes are counted after the last second to reveal', () => {
  const voting = { ...drawing, stage: 'voting' as const, revealUntil: 200 }
  expect(availableSteps(voting, stranger, 200).steps).toEqual([])
  expect(availableSteps(voting, stranger, 201).steps).toEqual(['rule'])
})

test('behavior: who lost appeals, and the case closes when nobody can any more', () => {
  const ruled = { ...drawing, stage: 'ruled' as const, verdict: 'accept' as const, until: 300, closesAfter: 900 }
  expect(availableSteps(ruled, accused, 300).steps).toEqual(['appeal'])
  expect(availableSteps(ruled, opener, 300).steps).toEqual([])
  expect(availableSteps(ruled, accused, 301).steps).toEqual([])
  expect(availableSteps(ruled, accused, 901).steps).toEqual(['close'])
  expect(availableSteps({ ...ruled, verdict: 'reject' }, opener, 300).steps).toEqual(['appeal'])
  expect(availableSteps({ ...ruled, annulled: true, until: null, closesAfter: null }, accused, 1).steps).toEqual([
    'close',
  ])
})

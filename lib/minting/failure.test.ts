import { expect, test } from 'vitest'
import { KinmarkError } from '../error'
import { failedTrySchema } from './failed-try'
import { errorOfFailure, failureOf } from './failure'

test('default: an error of ours keeps its code and facts', () => {
  const error = new KinmarkError('minting.seed-missing', { copy: '7' })
  const { failure } = failedTrySchema.parse(JSON.parse(JSON.stringify({ failure: failureOf(error), final: true })))
  expect(failure).toEqual({ code: 'minting.seed-missing', facts: { copy: '7' } })
  expect(errorOfFailure(failure)).toEqual(error)
})

test('behavior: an error of another program keeps its words', () => {
  const failure = failureOf(new Error('ENOSPC: no space left on device'))
  expect(failure).toMatchObject({ code: 'minting.unexpected' })
  expect(errorOfFailure(failure).message).toContain('ENOSPC: no space left on device')
})

test('behavior: whatever the words are, a database takes them', () => {
  const cut = failureOf(new Error(`${'a'.repeat(899)}\u{1f40b}`))
  const named = failureOf(new KinmarkError('minting.file-missing', { path: 'a\0b' }))
  expect([cut.facts.reason, named.facts.path]).toEqual([`${'a'.repeat(899)}\ufffd`, 'a\ufffdb'])
})

test('behavior: a code of a newer minter is shown as it is', () => {
  expect(errorOfFailure({ code: 'minting.from-the-future', facts: {} }).message).toContain('minting.from-the-future')
})

import { expect, test } from 'vitest'
import { KinmarkError } from './error'
import { errorOfFacts, errorOfProblem, problemOf } from './problem'

test('default: a problem carries code, facts and sentence, and becomes the same error again', () => {
  const error = new KinmarkError('market.file-too-large', { path: 'a.bin', bytes: 9, limit: 5 })
  const problem = problemOf(error, 413)
  expect(problem).toEqual({
    type: 'urn:kinmark:error:market.file-too-large',
    title: 'File too large',
    status: 413,
    detail: '“a.bin” has 9 bytes; a file may have at most 5.',
    code: 'market.file-too-large',
    facts: { path: 'a.bin', bytes: 9, limit: 5 },
  })
  expect(errorOfProblem(JSON.parse(JSON.stringify(problem)), 413)).toEqual(error)
})

test('behavior: bigints become decimal strings', () => {
  const error = new KinmarkError('contract.CopyUnknown', { copyId: 2n ** 70n })
  expect(problemOf(error, 400).facts).toEqual({ copyId: String(2n ** 70n) })
})

test.each([null, 'text', {}, { code: 'no.such-code', facts: {} }, { code: 'market.file-too-large', facts: null }])(
  'error: the answer %j becomes an error',
  (body) => {
    expect(errorOfProblem(body, 502).message).toBeTypeOf('string')
  },
)

test('behavior: an unknown code leaves the server’s sentence', () => {
  expect(errorOfProblem({ code: 'new.code', detail: 'It is too late.' }, 409)).toMatchObject({
    code: 'browser.request-refused',
    facts: { status: 409, reason: 'It is too late.' },
    message: 'It is too late.',
  })
})

test('behavior: a body that is not ours leaves the status', () => {
  for (const body of [null, undefined, 'x', {}])
    expect(errorOfProblem(body, 502)).toMatchObject({ code: 'browser.request-failed', facts: { status: 502 } })
  expect(errorOfFacts('no.such-code', {})).toBeNull()
})

import { expect, test } from 'vitest'
import { errorFromBody } from './http'

test('default: a known code keeps its facts', () => {
  expect(errorFromBody(400, { code: 'form.usdc-invalid', facts: { text: 'x' } })).toMatchObject({
    code: 'form.usdc-invalid',
    facts: { text: 'x' },
  })
})

test('behavior: an unknown code leaves the server’s sentence', () => {
  expect(errorFromBody(409, { code: 'new.code', detail: 'It is too late.' })).toMatchObject({
    code: 'browser.request-refused',
    facts: { status: 409, reason: 'It is too late.' },
    message: 'It is too late.',
  })
})

test('behavior: a body that is not ours leaves the status', () => {
  for (const body of [null, undefined, 'x', {}])
    expect(errorFromBody(502, body)).toMatchObject({ code: 'browser.request-failed', facts: { status: 502 } })
})

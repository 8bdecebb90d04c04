import { expect, test } from 'vitest'
import { responseError } from './http'

const answer = (status: number, body: string) => responseError(new Response(body, { status }))

test('default: a known code keeps its facts', async () => {
  expect(await answer(400, '{"code":"form.usdc-invalid","facts":{"text":"x"}}')).toMatchObject({
    code: 'form.usdc-invalid',
    facts: { text: 'x' },
  })
})

test('behavior: an unknown code leaves the server’s sentence', async () => {
  expect(await answer(409, '{"code":"new.code","detail":"It is too late."}')).toMatchObject({
    code: 'browser.request-refused',
    facts: { status: 409, reason: 'It is too late.' },
    message: 'It is too late.',
  })
})

test('behavior: a body that is not ours leaves the status', async () => {
  for (const body of ['', '<html>', 'null', '{}'])
    expect(await answer(502, body)).toMatchObject({ code: 'browser.request-failed', facts: { status: 502 } })
})

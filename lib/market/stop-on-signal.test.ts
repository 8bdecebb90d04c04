import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Market } from './context/context'
import { stop } from './stop-on-signal'

/** A process with a server whose answers wait for `answer`. `done` is what happened, in order. */
async function running(stopMs: number) {
  const done: string[] = []
  const stopping = new AbortController()
  const answers: (() => void)[] = []
  const server = createServer((_, response) => {
    answers.push(() => response.end('whole'))
    response.write('a ')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const indexing = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => {
      done.push('indexes no more')
      resolve()
    })
  })
  const note = async (what: string) => void done.push(what)
  const ctx = {
    env: { drainMs: 20, stopMs },
    stopping,
    leader: { close: () => note('leads no more') },
    close: () => note('database closed'),
  } as unknown as Market
  const { port } = server.address() as AddressInfo
  const exit = (code: number) => void done.push(`exit ${code}`)
  return { done, answers, site: `http://127.0.0.1:${port}`, end: () => stop(ctx, indexing, new Set([server]), exit) }
}

test('default: a request that runs is answered, then the database is closed and the process exits', async () => {
  const { done, answers, site, end } = await running(60_000)
  const answer = await fetch(site)
  const ended = end()
  await end()
  await expect
    .poll(() =>
      fetch(site).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  expect(done).toEqual(['indexes no more', 'leads no more'])
  for (const finish of answers) finish()
  expect(await answer.text()).toBe('a whole')
  await ended
  expect(done).toEqual(['indexes no more', 'leads no more', 'database closed', 'exit 0'])
})

test('behavior: what takes too long is cut', async () => {
  const { done, site, end } = await running(100)
  const answer = await fetch(site)
  await end()
  expect(done.at(-1)).toBe('exit 0')
  await expect(answer.text()).rejects.toThrow()
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { guardedFetch, isCallable } from './guarded-fetch'

async function startServer(answer: (path: string) => [status: number, headers: Record<string, string>]) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    response.writeHead(...answer(request.url ?? '')).end('hello')
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

test('default: public machines, and this one on a local chain', () => {
  expect(isCallable('93.184.215.14', false)).toBe(true)
  expect(isCallable('2606:2800:21f:cb07:6820:80da:af6b:8b2c', false)).toBe(true)
  expect(isCallable('127.0.0.1', true)).toBe(true)
})

test.each([
  ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
  ...['::1', 'fe80::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '64:ff9b::a00:1', 'no address'],
])('error: %s is not called', (address) => {
  expect(isCallable(address, false)).toBe(false)
  if (!address.includes('127.0.0.1') && address !== '::1') expect(isCallable(address, true)).toBe(false)
})

test('error: this machine is not reached from a public chain, by its address or by a name', async () => {
  const { url, asked } = await startServer(() => [200, {}])
  expect(await (await guardedFetch(true)(url)).text()).toBe('hello')
  await expect(guardedFetch(false)(url)).rejects.toThrow('not a public machine')
  await expect(guardedFetch(false)(url.replace('127.0.0.1', 'localhost'))).rejects.toThrow('not a public machine')
  await expect(guardedFetch(false)(url.replace('127.0.0.1', '2130706433'))).rejects.toThrow('not a public machine')
  expect(asked()).toBe(1)
})

test('error: a redirect is not followed', async () => {
  const { url, asked } = await startServer((path) => (path === '/' ? [302, { location: '/elsewhere' }] : [200, {}]))
  await expect(guardedFetch(true)(url)).rejects.toThrow('302')
  expect(asked()).toBe(1)
})

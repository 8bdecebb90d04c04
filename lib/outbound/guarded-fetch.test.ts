import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { reaches } from './address'
import { guardedFetch } from './guarded-fetch'

const inside = { code: 'outbound.address-private' }

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
  expect(reaches('93.184.215.14', 'public')).toBe(true)
  expect(reaches('2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'public')).toBe(true)
  expect(reaches('127.0.0.1', 'loopback')).toBe(true)
})

test.each([
  ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
  ...['::1', 'fe80::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254', '64:ff9b::a00:1', 'no address'],
])('error: %s is not called', (address) => {
  expect(reaches(address, 'public')).toBe(false)
  if (!address.includes('127.0.0.1') && address !== '::1') expect(reaches(address, 'loopback')).toBe(false)
})

test('error: this machine is not reached from a public chain, by its address or by a name', async () => {
  const { url, asked } = await startServer(() => [200, {}])
  expect(await (await guardedFetch('loopback')(url)).text()).toBe('hello')
  await expect(guardedFetch('public')(url)).rejects.toMatchObject(inside)
  await expect(guardedFetch('public')(url.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject(inside)
  await expect(guardedFetch('public')(url.replace('127.0.0.1', '2130706433'))).rejects.toMatchObject(inside)
  expect(asked()).toBe(1)
})

test('error: a redirect is not followed', async () => {
  const { url, asked } = await startServer((path) => (path === '/' ? [302, { location: '/elsewhere' }] : [200, {}]))
  await expect(guardedFetch('loopback')(url)).rejects.toMatchObject({ code: 'outbound.redirected' })
  expect(asked()).toBe(1)
})

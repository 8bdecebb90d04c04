import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { cleanHeaders, clientAddress, guardForwardingHeaders, limitKey } from './client-address'

const proxies = ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']

test('default: without proxies only the connection’s peer counts', () => {
  expect(clientAddress('203.0.113.5', '1.2.3.4', [])).toBe('203.0.113.5')
  expect(clientAddress('::ffff:203.0.113.5', undefined, proxies)).toBe('203.0.113.5')
})

test.each([
  ['one proxy', '10.1.1.1', '203.0.113.5', '203.0.113.5'],
  ['two proxies', '10.1.1.1', '203.0.113.5, 192.0.2.7', '203.0.113.5'],
  ['a visitor who wrote the header before', '10.1.1.1', '1.2.3.4, 203.0.113.5', '203.0.113.5'],
  ['a visitor who claims to be a proxy', '10.1.1.1', '10.9.9.9, 203.0.113.5', '203.0.113.5'],
  ['a proxy that sends no header', '10.1.1.1', undefined, '10.1.1.1'],
  ['a header with rubbish', '10.1.1.1', '<script>', '10.1.1.1'],
  ['IPv6', '2001:db8::1', '2001:db9:1:2:3::4', '2001:db9:1:2:3::4'],
])('behavior: behind %s', (_, peer, header, address) => {
  expect(clientAddress(peer, header, proxies)).toBe(address)
})

test('behavior: a limit counts one IPv4 address, and one /64 of IPv6', () => {
  expect(limitKey('203.0.113.5')).toBe('203.0.113.5')
  expect(limitKey('2001:db9:1:2:3::4')).toBe(limitKey('2001:db9:1:2::5'))
  expect(limitKey('2001:db9:1:2::5')).not.toBe(limitKey('2001:db9:1:3::5'))
  expect(limitKey('rubbish')).toBe('unknown')
})

test('behavior: forwarding headers of strangers are removed, those of our proxies stay', () => {
  const clean = (remoteAddress: string) => {
    const headers: Record<string, string> = { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '1.2.3.4' }
    cleanHeaders({ headers, socket: { remoteAddress } }, proxies)
    return headers
  }
  expect(clean('203.0.113.5')).toEqual({ 'x-forwarded-for': '203.0.113.5' })
  expect(clean('10.1.1.1')).toEqual({ 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '1.2.3.4' })
})

test('behavior: a server sees the peer’s address, whatever a request claims', async () => {
  guardForwardingHeaders([])
  const server = createServer((incoming, answer) => answer.end(incoming.headers['x-forwarded-for'])).listen(
    0,
    '127.0.0.1',
  )
  onTestFinished(() => void server.close())
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  const seen = await new Promise<string>((done) =>
    request({ port, host: '127.0.0.1', headers: { 'x-forwarded-for': '1.2.3.4' } }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      done(text)
    }).end(),
  )
  expect(seen).toBe('127.0.0.1')
})

import { expect, test } from 'vitest'
import { publicOrigin } from './public-origin'

test('default: an address over TLS under a public name', () => {
  expect(publicOrigin('https://host.example/v1', false)).toBe('https://host.example')
  expect(publicOrigin('https://host.example:8443', false)).toBe('https://host.example:8443')
  expect(publicOrigin('https://bücher.example/v1', false)).toBe('https://xn--bcher-kva.example')
})

test('behavior: this machine counts on a local chain only', () => {
  expect(publicOrigin('http://127.0.0.1:3001/v1', true)).toBe('http://127.0.0.1:3001')
  expect(publicOrigin('http://localhost:3001/v1', true)).toBe('http://localhost:3001')
  expect(publicOrigin('http://127.0.0.1:3001/v1', false)).toBeNull()
  expect(publicOrigin('https://localhost/v1', false)).toBeNull()
})

test.each([
  'http://host.example/v1',
  'https://10.0.0.1/v1',
  'https://192.168.1.1',
  'https://[fe80::1]/v1',
  'https://router.local',
  'https://printer.lan',
  'https://router',
  'https://2130706433',
  'https://0x7f.1',
  'https://user:secret@host.example',
  "https://host.example;script-src'unsafe-inline'",
  'https://host.example,evil.example',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
  'wss://host.example',
  'not an address',
  '',
])('error: %s', (url) => {
  expect(publicOrigin(url, false)).toBeNull()
})

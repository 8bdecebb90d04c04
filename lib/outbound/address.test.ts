import { expect, test } from 'vitest'
import { isPrivate } from './address'

test.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['192.0.0.8', true],
  ['198.18.0.1', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['8.8.8.8', false],
  ['::', true],
  ['::1', true],
  ['[::1]', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['ff02::1', true],
  ['2606:4700::1111', false],
  ['[2606:4700::1111]', false],
])('default: whether %s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected)
})

test.each([
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['::127.0.0.1', true],
  ['2002:7f00:1::', true],
  ['64:ff9b::7f00:1', true],
  ['64:ff9b::10.0.0.1', true],
  ['64:ff9b:1::1', true],
  ['2001::7f00:1', true],
])('behavior: an IPv4 address inside an IPv6 address, %s: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected)
})

test.each(['fe80::1%eth0', '[fe80::1%25eth0]', 'fe80::1%1'])(
  'behavior: a zone does not hide link-local: %s',
  (address) => {
    expect(isPrivate(address)).toBe(true)
  },
)

test.each(['no address', '', '127.1', '0x7f.0.0.1', '2130706433', '1.2.3.4.5'])(
  'behavior: “%s” is not an address, and counts as private',
  (text) => {
    expect(isPrivate(text)).toBe(true)
  },
)

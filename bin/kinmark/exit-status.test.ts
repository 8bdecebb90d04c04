import { expect, test } from 'vitest'
import { KinmarkError } from '../../lib/error'
import { exitStatus } from './exit-status'

test('default: errors by what is to be done about them', () => {
  const status = (...given: ConstructorParameters<typeof KinmarkError>) => exitStatus(new KinmarkError(...given))
  expect(status('cli.usage', { reason: '' })).toBe(2)
  expect(status('market.token-invalid')).toBe(3)
  expect(status('cli.balance-low', { account: '0x', needed: 2n, balance: 1n })).toBe(4)
  expect(status('cli.site-unreachable', { site: 'http://x', reason: 'ECONNREFUSED' })).toBe(5)
  expect(status('chain.unreachable')).toBe(5)
  expect(status('chain.reverted', { reason: 'no' })).toBe(6)
  expect(status('cli.disk-full', { path: 'x' })).toBe(7)
  expect(status('download.root-mismatch', { root: '0x1', onChain: '0x2' })).toBe(8)
  expect(status('cli.interrupted')).toBe(130)
  expect(exitStatus(new Error('foreign'))).toBe(2)
})

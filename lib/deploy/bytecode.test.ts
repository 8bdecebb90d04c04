import { expect, test } from 'vitest'
import { bytecodeOf } from './bytecode'
import { contractNames } from './system'

test('default: every contract of the system is compiled', () => {
  for (const name of contractNames) expect(bytecodeOf(name, 'local')).toMatch(/^0x[0-9a-f]{200,}$/)
})

test('error: a contract that is not compiled', () => {
  expect(() => bytecodeOf('Nothing', 'local')).toThrow(
    expect.objectContaining({ code: 'deploy.contract-not-built', facts: { contract: 'Nothing' } }),
  )
})

import { expect, test } from 'vitest'
import { parseDeployment } from './deployment'

const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const contracts = {
  modelRegistry: address,
  copyRegistry: address,
  minterRegistry: address,
  treasury: address,
  protocol: address,
  timelock: address,
  keyLedger: address,
  proverRegistry: address,
  usageLedger: address,
  userLedger: address,
  challengeCourt: address,
  caseCourt: address,
  leakCases: address,
  refusalCases: address,
  parentCases: address,
  origins: address,
  modelGovernorFactory: address,
  usd: address,
}
const deployment = { chainId: 31337, block: 2, contracts, minter: address }

test('default', () => {
  expect(parseDeployment(JSON.stringify(deployment))).toEqual(deployment)
})

test.each([
  ['{', 'deploy.file-not-json', { file: 'here.json' }],
  [
    JSON.stringify({ ...deployment, minter: '0x12' }),
    'deploy.file-invalid',
    { field: 'minter', reason: 'is not an address' },
  ],
  [
    JSON.stringify({ ...deployment, contracts: { ...contracts, usd: undefined } }),
    'deploy.file-invalid',
    { field: 'contracts.usd' },
  ],
  ['null', 'deploy.file-invalid', { field: '', file: 'here.json' }],
])('error: %s', (text, code, facts) => {
  expect(() => parseDeployment(text, 'here.json')).toThrow(
    expect.objectContaining({ code, facts: expect.objectContaining(facts) }),
  )
})

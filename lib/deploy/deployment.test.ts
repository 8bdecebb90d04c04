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
  challengeCourt: address,
  caseCourt: address,
  modelGovernorFactory: address,
  usd: address,
}
const deployment = { chainId: 31337, block: 2, contracts, minter: address }

test('default', () => {
  expect(parseDeployment(JSON.stringify(deployment))).toEqual(deployment)
})

test.each([
  ['{', 'The deployment file is not JSON.'],
  [JSON.stringify({ ...deployment, minter: '0x12' }), 'minter: is not an address.'],
  [JSON.stringify({ ...deployment, contracts: { ...contracts, usd: undefined } }), 'contracts.usd: '],
  ['null', 'The deployment file cannot be used: its content: '],
])('error: %s', (text, message) => {
  expect(() => parseDeployment(text)).toThrow(message)
})

import {
  type AbiParameter,
  ChainMismatchError,
  encodeErrorResult,
  SwitchChainError,
  UserRejectedRequestError,
  zeroAddress,
  zeroHash,
} from 'viem'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { ConnectorChainMismatchError } from 'wagmi'
import { KinmarkError } from '../error'
import { chainError } from './chain-error'
import { contractAbis } from './contract-abis'
import { copyRegistryAbi } from './generated'

const revertData = encodeErrorResult({ abi: copyRegistryAbi, errorName: 'ModelRetired', args: [7n] })

test.each([
  [
    'an error of ours, wrapped',
    new Error('outer', { cause: new KinmarkError('chain.buyer-seed-length', { bytes: 3 }) }),
    { code: 'chain.buyer-seed-length', facts: { bytes: 3 } },
  ],
  ['a declined request', new UserRejectedRequestError(new Error('no')), { code: 'chain.request-declined' }],
  ['the bare code of EIP-1193', { code: 4001, message: 'denied' }, { code: 'chain.request-declined' }],
  [
    'a transaction for another network',
    new ChainMismatchError({ chain: foundry, currentChainId: 1 }),
    { code: 'chain.wrong-network', facts: { wallet: 1, target: 31337 } },
  ],
  [
    'a connection to another network',
    new ConnectorChainMismatchError({ connectionChainId: 31337, connectorChainId: 1 }),
    { code: 'chain.wrong-network', facts: { wallet: 1, target: 31337 } },
  ],
  ['a network that the wallet does not know', new SwitchChainError(new Error('no')), { code: 'chain.network-unknown' }],
  [
    'no connection',
    { name: 'ConnectorNotConnectedError', message: 'Connector not connected.' },
    { code: 'chain.not-connected' },
  ],
  [
    'a revert, as a wallet passes it on',
    { code: -32603, data: { data: revertData } },
    { code: 'contract.ModelRetired', facts: { id: 7n } },
  ],
  [
    'a reason that is no error of ours',
    { reason: 'Paused.' },
    { code: 'chain.reverted', facts: { reason: 'Paused.' } },
  ],
  ['a plain object', { message: 'Odd.' }, { code: 'chain.failed', facts: { reason: 'Odd.' } }],
  ['anything else', new Error('Something else.'), { code: 'chain.failed', facts: { reason: 'Something else.' } }],
  ['a text', 'Just text.', { code: 'chain.failed', facts: { reason: 'Just text.' } }],
])('behavior: %s', (_, error, expected) => {
  expect(chainError(error)).toMatchObject(expected)
})

test('behavior: the sentence names both networks, and the original error is the cause', () => {
  const cause = new ChainMismatchError({ chain: foundry, currentChainId: 1 })
  const error = chainError(cause)
  expect(error.message).toMatch(/^Your wallet is on network 1; this transaction is for network 31337/)
  expect(error.cause).toBe(cause)
})

/** A value of a parameter’s type; amounts are seconds of 2027, so that they make a date. */
function example({ type }: AbiParameter): unknown {
  const [, bits] = /^uint(\d+)$/.exec(type) ?? []
  if (bits) return Number(bits) > 48 ? 1_800_000_000n : Number(bits) > 16 ? 1_800_000_000 : 1
  return { address: zeroAddress, string: 'text', bytes4: '0x12345678' }[type] ?? zeroHash
}

test('behavior: errors that share a name share a sentence, and no fact is missing from it', () => {
  const declared = contractAbis.filter((item) => item.type === 'error')
  for (const item of declared) {
    const data = encodeErrorResult({ abi: [item], args: item.inputs.map(example) } as never)
    const error = chainError({ data })
    expect(error.code).toBe(item.name === 'CreationFailed' ? error.code : `contract.${item.name}`)
    expect(error.message).not.toMatch(/undefined|NaN|Invalid/)
  }
  expect(declared.length).toBeGreaterThan(200)
})

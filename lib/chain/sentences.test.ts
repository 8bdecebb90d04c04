import { ChainMismatchError, encodeErrorResult, SwitchChainError, UserRejectedRequestError } from 'viem'
import { foundry } from 'viem/chains'
import { expect, test } from 'vitest'
import { LegacyError } from '../error'
import { copyRegistryAbi } from './generated'
import { explain } from './sentences'

test.each([
  ['a sentence of ours, wrapped', new Error('outer', { cause: new LegacyError('Ours.') }), 'Ours.'],
  ['a declined request', new UserRejectedRequestError(new Error('no')), 'You declined this in your wallet'],
  ['the bare code of EIP-1193', { code: 4001, message: 'denied' }, 'You declined this in your wallet'],
  [
    'another network',
    new ChainMismatchError({ chain: foundry, currentChainId: 1 }),
    'Your wallet is on network 1, and this is on network 31337',
  ],
  ['a network that the wallet does not know', new SwitchChainError(new Error('no')), 'Your wallet cannot switch'],
  [
    'a revert, as a wallet passes it on',
    {
      code: -32603,
      data: { data: encodeErrorResult({ abi: copyRegistryAbi, errorName: 'ModelRetired', args: [7n] }) },
    },
    'Model 7 is retired',
  ],
  ['a reason that is no error of ours', { reason: 'Paused.' }, 'The contract refused: Paused.'],
  ['a plain object', { message: 'Odd.' }, 'Odd.'],
  ['anything else', new Error('Something else.'), 'Something else.'],
])('behavior: %s', (_, error, message) => {
  expect(explain(error)).toContain(message)
})

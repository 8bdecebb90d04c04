import { BaseError, ContractFunctionExecutionError, InternalRpcError, UserRejectedRequestError } from 'viem'
import { expect, test } from 'vitest'
import { protocolAbi } from '@/lib/chain/generated'
import { didNotSend } from './did-not-send'

const inCall = (cause: BaseError) =>
  new ContractFunctionExecutionError(cause, { abi: protocolAbi, functionName: 'cuts' })

test('default: who declined has sent nothing', () => {
  expect(didNotSend(new UserRejectedRequestError(new Error('User rejected the request.')))).toBe(true)
  expect(didNotSend({ code: 4001, message: 'denied' })).toBe(true)
  expect(didNotSend(new BaseError('insufficient funds for gas * price + value'))).toBe(true)
})

test('error: any other failure may have been sent all the same', () => {
  for (const error of [
    inCall(new InternalRpcError(new Error('Internal error'))),
    { code: -32603, message: 'Internal JSON-RPC error.' },
    { code: -32000, message: 'execution reverted' },
    new TypeError('Failed to fetch'),
    new Error('Request expired. Please try again.'),
    { code: 4900, message: 'The provider is disconnected.' },
    undefined,
  ])
    expect(didNotSend(error)).toBe(false)
})

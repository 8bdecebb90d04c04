import { encodeErrorResult } from 'viem'
import { expect, expectTypeOf, test } from 'vitest'
import { copyRegistryAbi } from './chain/generated'
import { revertOf } from './chain/reverts'
import { errorFrom, KinmarkError, messageOf } from './error'

test('default: an error says its sentence, and keeps its code and facts', () => {
  const error = new KinmarkError('contract.BondTooLow', { bond: 12_500_000n, needed: 20_000_000n })
  expect(error).toMatchObject({ code: 'contract.BondTooLow', facts: { bond: 12_500_000n } })
  expect(messageOf(error)).toContain('The minter’s bond is 12.50 USDC')
})

test('behavior: a revert becomes the error that the contract declares', () => {
  const data = encodeErrorResult({ abi: copyRegistryAbi, errorName: 'ModelRetired', args: [7n] })
  expect(revertOf(data)).toMatchObject({ code: 'contract.ModelRetired', facts: { id: 7n } })
  expect(revertOf('0x12345678')).toBeNull()
})

test('behavior: a code that came over a wire is known, or null', () => {
  expect(errorFrom('contract.ModelRetired', { id: 7n })?.message).toContain('Model 7 is retired')
  for (const code of ['no.such-code', 'toString', 7, undefined]) expect(errorFrom(code, {})).toBeNull()
})

test('args: a code takes its facts and no others', () => {
  expectTypeOf<ConstructorParameters<typeof KinmarkError<'contract.ModelRetired'>>[1]>().toEqualTypeOf<{ id: bigint }>()
  // @ts-expect-error: the id is missing
  const missing = () => new KinmarkError('contract.ModelRetired', {})
  // @ts-expect-error: there is no such code
  const unknown = () => new KinmarkError('contract.NoSuchError', {})
  expect([missing, unknown]).toHaveLength(2)
})

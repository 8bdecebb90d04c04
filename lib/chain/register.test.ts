import { keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { registerCall } from './register'

test('default: relations become numbers of the enum, and a parent without a copy has copy 0', () => {
  const licence = { derive: true, freeToDerive: false, commercial: true }
  const terms = { price: 1n, collateral: 2n, fee: 3n, royaltyBps: 4, floorBps: 5, leakBps: 6, licence }
  const { args } = registerCall(localAccount(4).address, {
    manifestRoot: zeroHash,
    metadataURI: 'test:1',
    terms,
    parents: [
      { id: 1n, relation: 'finetune', termsHash: zeroHash },
      { id: 2n, relation: 'quantized', termsHash: keccak256(zeroHash), copyId: 9n },
    ],
    minters: [localAccount(5).address],
  })
  expect(args).toEqual([
    zeroHash,
    'test:1',
    { ...terms, licence: 0b101 },
    [
      { id: 1n, relation: 0, termsHash: zeroHash, copyId: 0n },
      { id: 2n, relation: 3, termsHash: keccak256(zeroHash), copyId: 9n },
    ],
    [localAccount(5).address],
  ])
})

import {
  compactSignatureToHex,
  concat,
  maxUint256,
  parseSignature,
  recoverTypedDataAddress,
  serializeSignature,
  signatureToCompactSignature,
} from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { permitOf, permitTypedData } from './permit'

const [owner, spender, usd] = [4, 5, 6].map((index) => localAccount(index))
const state = { domain: { name: 'USD', version: '1', chainId: 31337, verifyingContract: usd.address }, nonce: 3n }

test.each([undefined, 1_800_000_000n])(
  'default: a permit with deadline %s carries the owner’s signature',
  async (deadline) => {
    const typedData = permitTypedData(state, { owner: owner.address, spender: spender.address, value: 7n, deadline })
    expect(typedData.message.deadline).toBe(deadline ?? maxUint256)
    const permit = permitOf(await owner.signTypedData(typedData), 7n, deadline)
    expect(permit).toMatchObject({ value: 7n, deadline: deadline ?? maxUint256 })
    expect([27, 28]).toContain(permit.v)
    const signature = serializeSignature({ r: permit.r, s: permit.s, yParity: permit.v - 27 })
    expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(owner.address)
  },
)

test('behavior: the short form of EIP-2098, and v as 0 or 1, are the same signature', async () => {
  const typedData = permitTypedData(state, { owner: owner.address, spender: spender.address, value: 7n })
  for (const key of [owner, spender, usd]) {
    const signature = await key.signTypedData(typedData)
    const short = compactSignatureToHex(signatureToCompactSignature(parseSignature(signature)))
    expect(permitOf(short, 7n)).toEqual(permitOf(signature, 7n))
    const { r, s, yParity } = parseSignature(signature) as { r: `0x${string}`; s: `0x${string}`; yParity: number }
    expect(permitOf(concat([r, s, yParity === 0 ? '0x00' : '0x01']), 7n)).toEqual(permitOf(signature, 7n))
  }
})

test('error: the signature of a contract', () => {
  for (const signature of ['0x', `0x${'ab'.repeat(66)}`, `0x${'ab'.repeat(300)}`] as const)
    expect(() => permitOf(signature, 7n)).toThrowError(expect.objectContaining({ code: 'wallet.signature-foreign' }))
})

import { maxUint256, recoverTypedDataAddress, serializeSignature } from 'viem'
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

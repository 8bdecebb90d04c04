import { createPublicClient, http, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { startAnvil } from '../../test/anvil'
import { deploy } from '../deploy/deploy'
import { localAccount } from './accounts'
import { targetOf, voteHash } from './case'
import { caseCourtAbi } from './generated'

test('default: an address is hashed, a root is taken as it is', () => {
  expect(targetOf('https://stranger.example/v1')).toBe(keccak256(toHex('https://stranger.example/v1')))
  const root = keccak256(toHex('files'))
  expect(targetOf(root)).toBe(root)
})

test('default: a vote is committed to as the court computes it', async () => {
  const anvil = await startAnvil()
  try {
    const [deployer, minter, juror] = [
      localAccount('deployer'),
      localAccount('minter').address,
      localAccount(7).address,
    ]
    const { contracts, chainId } = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })
    const client = createPublicClient({ transport: http(anvil.rpcUrl) })
    const vote = { verdict: 1, finding: 20_724, cost: 12_500_000n, transcripts: keccak256('0x01') } as const
    const salt = keccak256('0x02')
    const { caseCourt } = contracts
    const args = [3n, 1, juror, vote, salt] as const
    const expected = await client.readContract({
      address: caseCourt,
      abi: caseCourtAbi,
      functionName: 'voteHash',
      args,
    })
    expect(voteHash({ chainId, caseCourt, id: '3', round: 1, juror }, vote, salt)).toBe(expected)
  } finally {
    await anvil.stop()
  }
})

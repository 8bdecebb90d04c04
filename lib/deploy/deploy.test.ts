import { createPublicClient, createTestClient, http } from 'viem'
import { expect, test } from 'vitest'
import { startAnvil } from '../../test/anvil'
import { localAccount } from '../chain/accounts'
import {
  caseCourtAbi,
  copyRegistryAbi,
  keyLedgerAbi,
  protocolAbi,
  proverRegistryAbi,
  treasuryAbi,
} from '../chain/generated'
import { deploy } from './deploy'

const deployer = localAccount('deployer')
const minter = localAccount('minter').address

test('default: the addresses are the same on every chain, and a second run changes nothing', async () => {
  const [one, two] = await Promise.all([startAnvil(), startAnvil(['--chain-id', '7'])])
  try {
    const first = await deploy({ rpcUrl: one.rpcUrl, deployer, minter })
    const other = await deploy({ rpcUrl: two.rpcUrl, deployer, minter })
    expect(other).toEqual({ ...first, chainId: 7 })

    const client = createPublicClient({ transport: http(one.rpcUrl) })
    const height = await client.getBlockNumber()
    expect(await deploy({ rpcUrl: one.rpcUrl, deployer, minter })).toEqual({ ...first, block: 0 })
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(height)

    const elsewhere = await deploy({ rpcUrl: one.rpcUrl, deployer, minter, salt: `0x${'01'.repeat(32)}` })
    expect(elsewhere.contracts.treasury).not.toBe(first.contracts.treasury)
  } finally {
    await Promise.all([one.stop(), two.stop()])
  }
})

test('behavior: the contracts refer to each other', async () => {
  const anvil = await startAnvil()
  try {
    const { contracts } = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })
    const client = createPublicClient({ transport: http(anvil.rpcUrl) })
    const { treasury, proverRegistry, caseCourt, challengeCourt, copyRegistry, keyLedger, protocol, timelock } =
      contracts
    const { leakCases, refusalCases, parentCases } = contracts
    const pool = await client.readContract({ address: treasury, abi: treasuryAbi, functionName: 'proverPool' })
    expect(pool).toBe(proverRegistry)
    const owner = await client.readContract({ address: protocol, abi: protocolAbi, functionName: 'owner' })
    expect(owner).toBe(timelock)
    for (const court of [challengeCourt, leakCases, refusalCases]) {
      const isCourt = { functionName: 'isCourt', args: [court] } as const
      expect(await client.readContract({ address: copyRegistry, abi: copyRegistryAbi, ...isCourt })).toBe(true)
    }
    const keys = { address: keyLedger, abi: keyLedgerAbi, functionName: 'left', args: [1n] } as const
    expect(await client.readContract(keys)).toBe(8n)
    const guarded = { address: protocol, abi: protocolAbi, functionName: 'guarded' } as const
    expect(await client.readContract(guarded)).toBe(true)
    const read = { address: proverRegistry, abi: proverRegistryAbi } as const
    expect(await client.readContract({ ...read, functionName: 'pool' })).toBe(0n)
    const court = { address: caseCourt, abi: caseCourtAbi } as const
    expect(await client.readContract({ ...court, functionName: 'totalCases' })).toBe(0n)
    for (const [kind, matter] of [leakCases, refusalCases, parentCases].entries())
      expect(await client.readContract({ ...court, functionName: 'matterOf', args: [kind] })).toBe(matter)
  } finally {
    await anvil.stop()
  }
})

test('behavior: an interrupted deployment is continued', async () => {
  const anvil = await startAnvil()
  try {
    const chain = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
    const untouched = await chain.snapshot()
    const { contracts } = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })
    await chain.revert({ id: untouched })

    await chain.setBalance({ address: deployer.address, value: 10n ** 16n })
    await expect(deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })).rejects.toThrow()
    await chain.setBalance({ address: deployer.address, value: 10n ** 21n })
    const resumed = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })
    expect(resumed.contracts).toEqual(contracts)
    expect(resumed.block).toBe(0)
  } finally {
    await anvil.stop()
  }
})

test('error: a chain without the deployment proxy is refused', async () => {
  const anvil = await startAnvil(['--disable-default-create2-deployer'])
  try {
    const failing = deploy({ rpcUrl: anvil.rpcUrl, deployer, minter })
    await expect(failing).rejects.toMatchObject({
      code: 'deploy.proxy-missing',
      facts: { proxy: expect.stringMatching(/^0x4e59/) },
    })
  } finally {
    await anvil.stop()
  }
})

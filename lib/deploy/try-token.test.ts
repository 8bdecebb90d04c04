import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Abi, type Address, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { localAccount } from '../chain/accounts'
import { deploy } from './deploy'
import { type Connection, connect } from './deployer'
import { foundryEnv } from './foundry'

const deployer = localAccount('deployer')
const minter = localAccount('minter').address
const contracts = fileURLToPath(new URL('../../contracts', import.meta.url))
const faucetAbi = parseAbi(['function faucet(address to, uint256 amount)'])

let anvil: Anvil
let client: Connection
let out: string

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'kinmark-tokens-'))
  const env = { ...foundryEnv, FOUNDRY_PROFILE: 'local', FOUNDRY_CACHE_PATH: join(out, 'cache') }
  execFileSync('forge', ['build', 'test/helpers/OddTokens.sol', '--out', out], { cwd: contracts, env, stdio: 'ignore' })
  anvil = await startAnvil()
  client = connect(anvil.rpcUrl, deployer)
})
afterAll(() => anvil?.stop())

/** Deploys a token and gives the deployer some of it. */
async function token(name: string, balance = 3_000_000n): Promise<Address> {
  const file = name === 'TestUSD' ? 'TestUSD.sol' : 'OddTokens.sol'
  const { abi, bytecode } = JSON.parse(readFileSync(join(out, file, `${name}.json`), 'utf8')) as {
    abi: Abi
    bytecode: { object: Hex }
  }
  const hash = await client.deployContract({ abi, bytecode: bytecode.object, chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  const address = contractAddress as Address
  if (name === 'LongUSD') return address
  const call = { address, abi: faucetAbi, functionName: 'faucet', args: [deployer.address, balance] } as const
  await client.waitForTransactionReceipt({ hash: await client.writeContract({ ...call, chain: null }) })
  return address
}

const deployWith = (usd: Address) => deploy({ rpcUrl: anvil.rpcUrl, deployer, minter, usd })

test.each([
  ['TestUSD', 'contract.TrialUnfunded', { balance: 999_999n, needed: 1_000_000n }, 999_999n],
  ['LongUSD', 'contract.DecimalsUnsupported', { decimals: 18n, needed: 6n }, undefined],
  ['PlainUSD', 'contract.PermitUnsupported', {}, undefined],
  ['FeeUSD', 'contract.TransferInexact', { amount: 1_000_000n, taken: 1_000_000n, received: 999_000n }, undefined],
  ['ToppedUSD', 'contract.TransferInexact', { taken: 1_001_000n, received: 1_000_000n }, undefined],
  ['PooledUSD', 'contract.TransferInexact', { taken: 1_000_000n, received: 999_999n }, undefined],
  ['ShrinkingUSD', 'contract.SupplyChanged', {}, undefined],
  ['SharesUSD', 'contract.TokenRebases', { selector: '0xf5eb42dc' }, undefined],
  ['GrowingUSD', 'deploy.token-balance-drifts', { days: 30, before: 3_000_000n, after: 3_090_000n }, undefined],
])('error: %s is refused with %s, and nothing is sent', async (name, code, facts, balance) => {
  const usd = await token(name, balance)
  const height = await client.getBlockNumber({ cacheTime: 0 })
  await expect(deployWith(usd)).rejects.toMatchObject({ code, facts })
  expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(height)
})

test('error: an address without a token is refused', async () => {
  await expect(deployWith(minter)).rejects.toMatchObject({ code: 'contract.TokenMissing', facts: { token: minter } })
})

test('default: a token like USDC is taken, and the trial costs nothing', async () => {
  const usd = await token('TestUSD')
  const deployment = await deployWith(usd)
  expect(deployment.contracts.usd).toBe(usd)
  const balance = { address: usd, abi: parseAbi(['function balanceOf(address) view returns (uint256)']) }
  const read = { ...balance, functionName: 'balanceOf', args: [deployer.address] } as const
  expect(await client.readContract(read)).toBe(3_000_000n)
})

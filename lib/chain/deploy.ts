import { readFileSync } from 'node:fs'
import {
  type Abi,
  type Account,
  type Address,
  createWalletClient,
  getContractAddress,
  type Hex,
  http,
  publicActions,
} from 'viem'
import { KinmarkError } from '../error'
import type { Deployment } from './deployment'
import {
  copyRegistryAbi,
  minterRegistryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  protocolAbi,
  testUsdAbi,
  treasuryAbi,
} from './generated'
import { type Parameters, parameterList } from './parameters'

export type DeployOptions = {
  rpcUrl: string
  /** Signs the deployment, names the courts once, and owns the parameters until it hands them over. */
  deployer: Account
  /** The minter that new orders name; see `joinMinter`. */
  minter: Address
  protocolAccount: Address
  proverPool: Address
  /** Who may pause new business; the deployer where nobody is named. */
  guardian?: Address
  /** The money; a new TestUSD where there is none. */
  usd?: Address
  cutsBps?: { protocol: number; prover: number; minter: number }
  epochSeconds?: bigint
  /** What differs from `lib/chain/parameters.ts`. */
  parameters?: Partial<Parameters>
}

const defaultCutsBps = { protocol: 250, prover: 250, minter: 500 }
const defaultEpochSeconds = 86_400n

function bytecodeOf(contract: string): Hex {
  const file = new URL(`../../contracts/out/${contract}.sol/${contract}.json`, import.meta.url)
  try {
    return JSON.parse(readFileSync(file, 'utf8')).bytecode.object
  } catch (cause) {
    throw new KinmarkError(`The contract ${contract} is not built: run npm run contracts:build.`, { cause })
  }
}

/** Puts Kinmark on a chain. The contracts know each other by addresses computed beforehand, so none of them can ever be changed. */
export async function deploy({
  rpcUrl,
  deployer,
  minter,
  protocolAccount,
  proverPool,
  guardian = deployer.address,
  usd: money,
  cutsBps = defaultCutsBps,
  epochSeconds = defaultEpochSeconds,
  parameters = {},
}: DeployOptions): Promise<Deployment> {
  const client = createWalletClient({ account: deployer, transport: http(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  )
  const nonce = await client.getTransactionCount({ address: deployer.address, blockTag: 'pending' })
  const next = money ? nonce : nonce + 1
  const at = (offset: number) => getContractAddress({ from: deployer.address, nonce: BigInt(next + offset) })
  const [shares, modelRegistry, treasury, copyRegistry, minterRegistry, protocol] = [0, 1, 2, 3, 4, 5].map(at)

  const create = async (contract: string, abi: Abi, args: readonly unknown[], expected: Address) => {
    const hash = await client.deployContract({ abi, bytecode: bytecodeOf(contract), args, chain: null })
    const { contractAddress, status, blockNumber } = await client.waitForTransactionReceipt({ hash })
    if (status === 'reverted' || contractAddress?.toLowerCase() !== expected.toLowerCase())
      throw new KinmarkError(
        `${contract} was to be at ${expected} and is at ${contractAddress ?? 'no address'}: let nobody else send from ${deployer.address} meanwhile, and deploy again.`,
      )
    return Number(blockNumber)
  }

  const usd = money ?? getContractAddress({ from: deployer.address, nonce: BigInt(nonce) })
  if (!money) await create('TestUSD', testUsdAbi, [], usd)
  const block = await create('ModelShares', modelSharesAbi, [modelRegistry, treasury], shares)
  await create('ModelRegistry', modelRegistryAbi, [shares, copyRegistry, protocol], modelRegistry)
  await create(
    'Treasury',
    treasuryAbi,
    [usd, modelRegistry, cutsBps.protocol, cutsBps.prover, cutsBps.minter, protocolAccount, proverPool],
    treasury,
  )
  await create(
    'CopyRegistry',
    copyRegistryAbi,
    [usd, modelRegistry, treasury, protocol, minterRegistry, deployer.address],
    copyRegistry,
  )
  await create('MinterRegistry', minterRegistryAbi, [usd, protocol, copyRegistry], minterRegistry)
  await create('Protocol', protocolAbi, [deployer.address, guardian, epochSeconds, parameterList(parameters)], protocol)
  return {
    chainId: await client.getChainId(),
    block,
    contracts: { modelRegistry, copyRegistry, minterRegistry, treasury, protocol, usd },
    minter,
  }
}

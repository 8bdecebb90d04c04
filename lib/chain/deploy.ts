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
import { copyRegistryAbi, modelRegistryAbi, modelSharesAbi, testUsdAbi, treasuryAbi } from './generated'

export type DeployOptions = {
  rpcUrl: string
  /** Signs the deployment, and owns the copy registry until it hands it over. */
  deployer: Account
  minter: Address
  protocolAccount: Address
  proverPool: Address
  /** The money; a new TestUSD where there is none. */
  usd?: Address
  cutsBps?: { protocol: number; prover: number; minter: number }
  windowsSeconds?: { deliver: bigint; accept: bigint; thaw: bigint }
}

const defaultCutsBps = { protocol: 250, prover: 250, minter: 500 }
const defaultWindowsSeconds = { deliver: 86_400n, accept: 86_400n, thaw: 7n * 86_400n }

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
  usd: money,
  cutsBps = defaultCutsBps,
  windowsSeconds = defaultWindowsSeconds,
}: DeployOptions): Promise<Deployment> {
  const client = createWalletClient({ account: deployer, transport: http(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  )
  const nonce = await client.getTransactionCount({ address: deployer.address, blockTag: 'pending' })
  const next = money ? nonce : nonce + 1
  const at = (offset: number) => getContractAddress({ from: deployer.address, nonce: BigInt(next + offset) })
  const [shares, modelRegistry, treasury, copyRegistry] = [at(0), at(1), at(2), at(3)]

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
  await create('ModelRegistry', modelRegistryAbi, [shares, copyRegistry], modelRegistry)
  const { protocol, prover, minter: minterBps } = cutsBps
  await create(
    'Treasury',
    treasuryAbi,
    [usd, modelRegistry, protocol, prover, minterBps, protocolAccount, proverPool],
    treasury,
  )
  const { deliver, accept, thaw } = windowsSeconds
  await create(
    'CopyRegistry',
    copyRegistryAbi,
    [usd, modelRegistry, treasury, deliver, accept, thaw, deployer.address],
    copyRegistry,
  )
  const hash = await client.writeContract({
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'setMinter',
    args: [minter, true],
    chain: null,
  })
  await client.waitForTransactionReceipt({ hash })
  return {
    chainId: await client.getChainId(),
    block,
    contracts: { modelRegistry, copyRegistry, treasury, usd },
    minter,
  }
}

import 'server-only'
import { type Abi, type Account, type Address, encodeDeployData, type Hex, keccak256, stringToHex } from 'viem'
import type { Deployment } from '../chain/deployment'
import { copyRegistryAbi } from '../chain/generated'
import { type Build, bytecodeOf } from './bytecode'
import {
  addressAt,
  type Connection,
  connect,
  create,
  createdBy,
  hasDeployer,
  openDeployer,
  waitForSuccess,
} from './deployer'
import { type ContractName, contractNames, courtsOf, type SystemOptions, systemOf } from './system'
import { tryToken } from './try-token'

export type DeployOptions = Partial<Omit<SystemOptions, 'deployer'>> & {
  rpcUrl: string
  /** Signs the deployment and names the courts. Also the guardian, council, governance and protocol account where these are not given. */
  deployer: Account
  /** New orders name this minter; see `joinMinter`. */
  minter: Address
  /** The token that is paid with; without it, a TestUSD is created. The deployer must have 1.00 of it, to try it. */
  usd?: Address
  /** The same deployer and salt give the same addresses on every chain. */
  salt?: Hex
  build?: Build
}

const day = 86_400n

/**
 * Creates Kinmark’s contracts on a chain, at addresses that depend only on the deployer’s account and the salt. An
 * interrupted deployment is continued; for a complete one, only its addresses are returned, and `block` is 0. A given
 * token is tried first (`tryToken`).
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { rpcUrl, deployer: account, minter, usd: givenUsd, salt = keccak256(stringToHex('Kinmark')) } = options
  const { build = 'local', epochSeconds = day, timelockSeconds = 2n * epochSeconds, parameters = {} } = options
  const client = connect(rpcUrl, account)
  const from = Number(await client.getBlockNumber())
  if (givenUsd && !(await hasDeployer(client, salt, build))) await tryToken(client, givenUsd, build)
  const deployer = await openDeployer(client, salt, build)
  const names = givenUsd ? contractNames.filter((name) => name !== 'TestUSD') : contractNames
  const addresses = Object.fromEntries(names.map((name, index) => [name, addressAt(deployer, index)])) as Record<
    ContractName,
    Address
  >
  const usd = givenUsd ?? addresses.TestUSD
  const { address } = account
  const fallbacks = {
    deployer: address,
    protocolAccount: address,
    guardian: address,
    council: address,
    governance: address,
  }
  const times = { epochSeconds, timelockSeconds, parameters }
  const system = systemOf(addresses, usd, { ...fallbacks, ...options, ...times, deployer: address })
  const done = await createdBy(client, deployer)
  for (const name of names.slice(done)) {
    const { abi, args } = system[name]
    const code = encodeDeployData({ abi: abi as Abi, bytecode: bytecodeOf(name, build), args })
    await create(client, deployer, name, code)
  }
  await nameCourts(client, addresses)
  return {
    chainId: await client.getChainId(),
    block: done === 0 ? from : 0,
    contracts: {
      modelRegistry: addresses.ModelRegistry,
      copyRegistry: addresses.CopyRegistry,
      minterRegistry: addresses.MinterRegistry,
      treasury: addresses.Treasury,
      protocol: addresses.Protocol,
      timelock: addresses.ProtocolTimelock,
      keyLedger: addresses.KeyLedger,
      proverRegistry: addresses.ProverRegistry,
      usageLedger: addresses.UsageLedger,
      userLedger: addresses.UserLedger,
      challengeCourt: addresses.ChallengeCourt,
      caseCourt: addresses.CaseCourt,
      leakCases: addresses.LeakCases,
      refusalCases: addresses.RefusalCases,
      parentCases: addresses.ParentCases,
      origins: addresses.Origins,
      modelGovernorFactory: addresses.ModelGovernorFactory,
      usd,
    },
    minter,
  }
}

/** Tells the copy registry, once and irrevocably, which courts may slash copies. */
async function nameCourts(client: Connection, addresses: Record<ContractName, Address>): Promise<void> {
  const courts = courtsOf(addresses)
  const registry = { address: addresses.CopyRegistry, abi: copyRegistryAbi } as const
  if (await client.readContract({ ...registry, functionName: 'isCourt', args: [courts[0]] })) return
  const hash = await client.writeContract({ ...registry, functionName: 'setCourts', args: [courts], chain: null })
  await waitForSuccess(client, { contract: 'CopyRegistry', call: 'setCourts' }, hash)
}

import { type Abi, type Account, type Address, encodeDeployData, type Hex, keccak256, stringToHex } from 'viem'
import { copyRegistryAbi, keyLedgerAbi } from '../chain/generated'
import { type Build, bytecodeOf } from './bytecode'
import { addressAt, type Connection, connect, create, createdBy, included, openDeployer } from './deployer'
import type { Deployment } from './deployment'
import { type ContractName, contractNames, courtsOf, type SystemOptions, systemOf } from './system'

export type DeployOptions = Partial<Omit<SystemOptions, 'deployer'>> & {
  rpcUrl: string
  /** Signs the deployment and names the courts; where no other is named, also guardian, governance and protocol account. */
  deployer: Account
  /** The minter that new orders name; see `joinMinter`. */
  minter: Address
  /** The money; a new TestUSD where there is none. */
  usd?: Address
  /** The same deployer and salt give the same addresses on every chain. */
  salt?: Hex
  build?: Build
}

const defaults = {
  timelockSeconds: 172_800n,
  epochSeconds: 86_400n,
  cutsBps: { protocol: 250, prover: 250, minter: 500 },
  parameters: {},
}

/**
 * Puts Kinmark on a chain, at addresses that follow from the deployer's account and the salt. A deployment that was cut
 * off goes on where it was; one that is complete is only described again.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { rpcUrl, deployer: account, minter, usd: money, salt = keccak256(stringToHex('Kinmark')) } = options
  const { build = 'local' } = options
  const client = connect(rpcUrl, account)
  const from = Number(await client.getBlockNumber())
  const deployer = await openDeployer(client, salt, build)
  const names = money ? contractNames.filter((name) => name !== 'TestUSD') : contractNames
  const at = Object.fromEntries(names.map((name, index) => [name, addressAt(deployer, index)])) as Record<
    ContractName,
    Address
  >
  const usd = money ?? at.TestUSD
  const { address } = account
  const own = { deployer: address, protocolAccount: address, guardian: address, governance: address }
  const system = systemOf(at, usd, { ...defaults, ...own, ...options, deployer: address })
  const done = await createdBy(client, deployer)
  for (const name of names.slice(done)) {
    const { abi, args } = system[name]
    const code = encodeDeployData({ abi: abi as Abi, bytecode: bytecodeOf(name, build), args })
    await create(client, deployer, name, code)
  }
  await nameCourts(client, at)
  return {
    chainId: await client.getChainId(),
    block: done === 0 ? from : 0,
    contracts: {
      modelRegistry: at.ModelRegistry,
      copyRegistry: at.CopyRegistry,
      minterRegistry: at.MinterRegistry,
      treasury: at.Treasury,
      protocol: at.Protocol,
      timelock: at.ProtocolTimelock,
      keyLedger: at.KeyLedger,
      proverRegistry: at.ProverRegistry,
      usageLedger: at.UsageLedger,
      challengeCourt: at.ChallengeCourt,
      caseCourt: at.CaseCourt,
      modelGovernorFactory: at.ModelGovernorFactory,
      usd,
    },
    minter,
  }
}

/** Says once, for good, who may slash and burn keys. */
async function nameCourts(client: Connection, at: Record<ContractName, Address>): Promise<void> {
  const courts = courtsOf(at)
  for (const [name, abi] of [
    ['CopyRegistry', copyRegistryAbi],
    ['KeyLedger', keyLedgerAbi],
  ] as const) {
    const contract = { address: at[name], abi: abi as typeof keyLedgerAbi } as const
    if (await client.readContract({ ...contract, functionName: 'isCourt', args: [courts[0]] })) continue
    const call = { ...contract, functionName: 'setCourts', args: [courts] } as const
    await included(client, `Naming the courts of ${name}`, await client.writeContract({ ...call, chain: null }))
  }
}

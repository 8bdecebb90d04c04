import 'server-only'
import type { Account } from 'viem'
import type { Deployment } from '../chain/deployment'
import { minterRegistryAbi, testUsdAbi } from '../chain/generated'
import { connect, waitForSuccess } from './deployer'
import { parameters } from './parameters'

type MinterOptions = {
  /** Backs the penalties of the minter’s quotes, in USDC of 6 decimals. */
  bond?: bigint
  /** Takes the bond from TestUSD’s faucet first. */
  faucet?: boolean
}

/** Adds a minter’s bond and lists it. Throws `deploy.reverted`. */
export async function joinMinter(
  rpcUrl: string,
  account: Account,
  { contracts }: Pick<Deployment, 'contracts'>,
  { bond = parameters.minterBond, faucet = false }: MinterOptions = {},
): Promise<void> {
  const client = connect(rpcUrl, account)
  const usd = { address: contracts.usd, abi: testUsdAbi, chain: null } as const
  const registry = { address: contracts.minterRegistry, abi: minterRegistryAbi, chain: null } as const
  const usdStep = (call: string) => ({ contract: 'USD', call })
  const registryStep = (call: string) => ({ contract: 'MinterRegistry', call })
  if (faucet) {
    const hash = await client.writeContract({ ...usd, functionName: 'faucet', args: [account.address, bond] })
    await waitForSuccess(client, usdStep('faucet'), hash)
  }
  const approval = { ...usd, functionName: 'approve', args: [contracts.minterRegistry, bond] } as const
  await waitForSuccess(client, usdStep('approve'), await client.writeContract(approval))
  const addBond = { ...registry, functionName: 'addBond', args: [bond] } as const
  await waitForSuccess(client, registryStep('addBond'), await client.writeContract(addBond))
  const join = { ...registry, functionName: 'join' } as const
  await waitForSuccess(client, registryStep('join'), await client.writeContract(join))
}

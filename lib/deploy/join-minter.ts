import 'server-only'
import type { Account } from 'viem'
import { minterRegistryAbi, testUsdAbi } from '../chain/generated'
import { connect, waitForSuccess } from './deployer'
import type { Deployment } from './deployment'
import { parameters } from './parameters'

type MinterOffer = {
  /** Backs the minter’s promises, in USDC of 6 decimals. Each open order reserves one penalty of it. */
  bond: bigint
  /** Added to a copy’s price, in USDC of 6 decimals. */
  fee: number
  /** Seconds within which each order must be delivered. */
  window: number
  /** Paid to the buyer of each order that is not delivered in time, in USDC of 6 decimals. */
  penalty: bigint
}

const defaultOffer: MinterOffer = {
  bond: parameters.minterBond,
  fee: 0,
  window: Number(parameters.deliverWindow),
  penalty: parameters.minterPenalty,
}

/** Adds a minter’s bond and publishes its offer. With `faucet`, takes the bond from TestUSD’s faucet first. Throws `deploy.reverted`. */
export async function joinMinter(
  rpcUrl: string,
  account: Account,
  { contracts }: Pick<Deployment, 'contracts'>,
  { faucet = false, ...changes }: Partial<MinterOffer> & { faucet?: boolean } = {},
): Promise<void> {
  const { bond, fee, window, penalty } = { ...defaultOffer, ...changes }
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
  const setOffer = { ...registry, functionName: 'setOffer', args: [fee, window, penalty] } as const
  await waitForSuccess(client, registryStep('setOffer'), await client.writeContract(setOffer))
}

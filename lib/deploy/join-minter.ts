import { type Account, createWalletClient, type Hex, http, publicActions } from 'viem'
import { minterRegistryAbi, testUsdAbi } from '../chain/generated'
import { LegacyError } from '../error'
import type { Deployment } from './deployment'
import { parameters } from './parameters'

type MinterOffer = {
  /** What stands behind the promises, USDC of 6 decimals. Each open order reserves one penalty of it. */
  bond: bigint
  /** What a copy costs beside its price, USDC of 6 decimals. */
  fee: number
  /** Seconds in which each order will be delivered. */
  window: number
  /** What a buyer is paid for each order that was not. */
  penalty: bigint
}

const defaultOffer: MinterOffer = {
  bond: parameters.minterBond,
  fee: 0,
  window: Number(parameters.deliverWindow),
  penalty: parameters.minterPenalty,
}

/** Puts up a minter's bond and offers to mint. `faucet`: take the bond from TestUSD's faucet first. */
export async function joinMinter(
  rpcUrl: string,
  account: Account,
  { contracts }: Pick<Deployment, 'contracts'>,
  { faucet = false, ...changes }: Partial<MinterOffer> & { faucet?: boolean } = {},
): Promise<void> {
  const { bond, fee, window, penalty } = { ...defaultOffer, ...changes }
  const client = createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 50 }).extend(publicActions)
  const included = async (what: string, hash: Hex) => {
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status === 'reverted') throw new LegacyError(`The minter ${account.address} could not ${what}: ${hash}.`)
  }
  const usd = { address: contracts.usd, abi: testUsdAbi, chain: null } as const
  const minters = { address: contracts.minterRegistry, abi: minterRegistryAbi, chain: null } as const
  if (faucet)
    await included(
      'use the faucet',
      await client.writeContract({ ...usd, functionName: 'faucet', args: [account.address, bond] }),
    )
  await included(
    'approve its bond',
    await client.writeContract({ ...usd, functionName: 'approve', args: [contracts.minterRegistry, bond] }),
  )
  await included('add its bond', await client.writeContract({ ...minters, functionName: 'addBond', args: [bond] }))
  await included(
    'make its offer',
    await client.writeContract({ ...minters, functionName: 'setOffer', args: [fee, window, penalty] }),
  )
}

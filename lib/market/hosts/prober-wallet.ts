import 'server-only'
import { type Address, createWalletClient, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { testUsdAbi, userLedgerAbi } from '../../chain/generated'
import { httpWithGasMargin } from '../../chain/http-with-gas-margin'
import type { CopyId } from '../../chain/ids'
import { KinmarkError } from '../../error'
import type { Market } from '../context/context'
import { localChainId } from '../read/get-chain-config'

/** What the prober sets aside for one host, in USDC of 6 decimals: the most that it can lose to it. */
const reserve = 250_000n
/** Below this, it sets aside as much again. */
const least = 25_000n

export type ProberWallet = {
  address: Address
  /** The most that all vouchers to this copy’s host may promise. Reserves where little is left. Throws `market.prober-poor`. */
  budget(copyId: CopyId): Promise<bigint>
}

/** The prober’s account: deposits and reserves by itself. On the local chain it takes test USDC. */
export function proberWallet({ env, deployment, client }: Market, key: `0x${string}`): ProberWallet {
  const account = privateKeyToAccount(key)
  const wallet = createWalletClient({ account, transport: httpWithGasMargin(env.rpcUrl) }).extend(publicActions)
  const { usd, userLedger } = deployment.contracts
  const erc20 = { address: usd, abi: testUsdAbi } as const
  const users = { address: userLedger, abi: userLedgerAbi } as const
  const send = async (call: object): Promise<void> => {
    const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
    await wallet.waitForTransactionReceipt({ hash })
  }
  const fill = async (copyId: CopyId): Promise<void> => {
    const balance = await client.readContract({ ...users, functionName: 'balanceOf', args: [account.address] })
    if (balance < reserve) {
      const has = await client.readContract({ ...erc20, functionName: 'balanceOf', args: [account.address] })
      if (has < reserve && deployment.chainId === localChainId)
        await send({ ...erc20, functionName: 'faucet', args: [account.address, 100n * reserve] })
      else if (has < reserve)
        throw new KinmarkError('market.prober-poor', { account: account.address, has, needed: reserve })
      await send({ ...erc20, functionName: 'approve', args: [userLedger, reserve] })
      await send({ ...users, functionName: 'deposit', args: [reserve] })
    }
    await send({ ...users, functionName: 'reserve', args: [BigInt(copyId), reserve] })
  }
  return {
    address: account.address,
    async budget(copyId) {
      const args = [BigInt(copyId), account.address] as const
      const read = () => client.readContract({ ...users, functionName: 'reservations', args })
      let found = await read()
      if (found.amount < least || found.leavesAt > 0) {
        await fill(copyId)
        found = await read()
      }
      return found.amount + found.settledAmount
    },
  }
}

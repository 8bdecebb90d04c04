import type { Config } from 'wagmi'
import { getPublicClient, signTypedData } from 'wagmi/actions'
import type { Write } from '@/components/wallet/write'
import { testUsdAbi } from '@/lib/chain/generated'
import type { CopyId } from '@/lib/chain/ids'
import { permitOf, permitTypedData, readPermitState } from '@/lib/chain/permit'
import { openSessionWrite } from '@/lib/chain/writes/build'
import { KinmarkError } from '@/lib/error'
import type { ChainConfig } from '@/lib/market/read/views'
import { readMoney } from './read-money'
import type { SessionPlace } from './stored-session'

/** After this the chain refuses the deposit, so that one that went astray cannot be taken later. */
const permitSeconds = 900n
const keySeconds = 30n * 86_400n

type Opening = { chain: ChainConfig; place: SessionPlace; amount: bigint }

/**
 * Reserves `amount` more and names the browser’s key. What the balance lacks is deposited by a permit, which the wallet
 * signs first. Throws `wallet.*`, `chain.*`, and what the wallet throws.
 */
export async function prepareSession(config: Config, { chain, place, amount }: Opening): Promise<Write> {
  const { usd, userLedger } = chain.contracts
  const { user } = place
  const client = getPublicClient(config)
  if (!client) throw new KinmarkError('wallet.network-unknown', { chainId: chain.chainId })
  const money = await readMoney(chain, place)
  const missing = amount > money.balance ? amount - money.balance : 0n
  const opening = {
    ...{ copyId: place.copyId as CopyId, key: money.key, expiresAt: money.time + keySeconds, reserve: amount },
    maxAmount: money.reserved + money.settled + amount,
  }
  if (missing === 0n) return openSessionWrite(userLedger, user, { ...opening, deposit: null })
  const args = [user, userLedger] as const
  const allowance = await client.readContract({ address: usd, abi: testUsdAbi, functionName: 'allowance', args })
  if (allowance > 0n) throw new KinmarkError('wallet.allowance-left', { allowance })
  const block = await client.getBlock({ blockTag: 'pending' })
  const deadline = block.timestamp + permitSeconds
  const asked = { owner: user, spender: userLedger, value: missing, deadline }
  const typed = permitTypedData(await readPermitState(client, usd, user), asked)
  const signature = await signTypedData(config, { ...typed, account: user } as never)
  const permit = permitOf(signature, missing, deadline)
  return {
    ...openSessionWrite(userLedger, user, { ...opening, deposit: { amount: missing, permit } }),
    expires: deadline,
  }
}

import type { Hex } from 'viem'
import type { Config } from 'wagmi'
import { getPublicClient, signTypedData } from 'wagmi/actions'
import type { Write } from '@/components/wallet/write'
import { testUsdAbi } from '@/lib/chain/generated'
import { orderWithPermitCall } from '@/lib/chain/order'
import { permitOf, permitTypedData, readPermitState } from '@/lib/chain/permit'
import type { SignedQuote } from '@/lib/chain/quote'
import { orderProof } from '@/lib/chain/writes/proofs'
import { KinmarkError } from '@/lib/error'
import type { ChainConfig } from '@/lib/market/read/views'
import type { Usdc6 } from '@/lib/money/usdc'

/** After this the chain refuses the payment, so that one that went astray cannot be taken later. */
const permitSeconds = 900n

type Order = { chain: ChainConfig; account: Hex; signed: SignedQuote; total: Usdc6 }

/** Asks the wallet to sign the permit for exactly `total`. Throws `wallet.*`, and what the wallet throws. */
export async function prepareOrder(config: Config, { chain, account, signed, total }: Order): Promise<Write> {
  const { copyRegistry, usd } = chain.contracts
  const client = getPublicClient(config)
  if (!client) throw new KinmarkError('wallet.network-unknown', { chainId: chain.chainId })
  const allowance = await client.readContract({
    address: usd,
    abi: testUsdAbi,
    functionName: 'allowance',
    args: [account, copyRegistry],
  })
  if (allowance > 0n) throw new KinmarkError('wallet.allowance-left', { allowance })
  const block = await client.getBlock({ blockTag: 'pending' })
  const deadline = block.timestamp + permitSeconds
  const typed = permitTypedData(await readPermitState(client, usd, account), {
    owner: account,
    spender: copyRegistry,
    value: total,
    deadline,
  })
  const signature = await signTypedData(config, { ...typed, account } as never)
  return {
    ...orderWithPermitCall(copyRegistry, signed, permitOf(signature as Hex, total, deadline)),
    proof: orderProof(copyRegistry, account, signed.quote.buyerSeedHash),
    expires: deadline,
  }
}

'use client'

import { useEffect } from 'react'
import { type Hex, parseEventLogs } from 'viem'
import { useConfig } from 'wagmi'
import { getPublicClient, signTypedData } from 'wagmi/actions'
import { useChain } from '@/components/wallet/chain'
import { useTransaction, type Write } from '@/components/wallet/use-transaction'
import { copyRegistryAbi, testUsdAbi } from '@/lib/chain/generated'
import { orderWithPermitCall } from '@/lib/chain/order'
import { permitOf, permitTypedData, readPermitState } from '@/lib/chain/permit'
import type { SignedQuote } from '@/lib/chain/quote'
import { orderProof } from '@/lib/chain/writes/proofs'
import { KinmarkError } from '@/lib/error'
import type { ModelPage } from '@/lib/market/read/views'
import { clearOrderSeed } from './order-seed'

/** After this the chain refuses the payment, so that one that went astray cannot be taken later. */
const permitSeconds = 900n

/**
 * Orders a copy with a quote: signs the permit, sends the order. `copyId` is known once the order is included, and
 * remembered until `another` begins a further order. Two orders never pay for the same seed or with the same permit.
 */
export function useOrder(model: ModelPage, account: `0x${string}` | null, signed: SignedQuote | null) {
  const chain = useChain()
  const config = useConfig()
  const { state, send, reset } = useTransaction(`order.${model.id}`, { remember: true })
  const { copyRegistry, usd } = chain.contracts

  const prepare = async (): Promise<Write> => {
    if (!account || !signed) throw new KinmarkError('wallet.not-connected')
    const client = getPublicClient(config)
    if (!client) throw new KinmarkError('wallet.network-unknown', { chainId: chain.chainId })
    const value = model.terms.price + BigInt(signed.quote.fee) + model.terms.collateral
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
      value,
      deadline,
    })
    const signature = await signTypedData(config, { ...typed, account } as never)
    return {
      ...orderWithPermitCall(copyRegistry, signed, permitOf(signature as Hex, value, deadline)),
      proof: orderProof(copyRegistry, account, signed.quote.buyerSeedHash),
      expires: deadline,
    }
  }

  const copyId =
    state.stage === 'included'
      ? parseEventLogs({ abi: copyRegistryAbi, eventName: 'Ordered', logs: state.receipt.logs })[0]?.args.id.toString()
      : undefined
  // The next order of this model needs a new seed, also when a reload resumed this one.
  useEffect(() => {
    if (copyId && account) clearOrderSeed(model.id, account)
  }, [copyId, account, model.id])
  const order = () => send(prepare)
  return { state, order, copyId, another: reset }
}

'use client'

import { useEffect } from 'react'
import { type Hex, parseEventLogs } from 'viem'
import { useConfig } from 'wagmi'
import { getPublicClient, signTypedData } from 'wagmi/actions'
import { useChain } from '@/components/wallet/chain'
import { useTransaction, type Write } from '@/components/wallet/use-transaction'
import { copyRegistryAbi } from '@/lib/chain/generated'
import { orderWithPermitCall } from '@/lib/chain/order'
import { permitOf, permitTypedData, readPermitState } from '@/lib/chain/permit'
import type { SignedQuote } from '@/lib/chain/quote'
import { KinmarkError } from '@/lib/error'
import type { ModelPage } from '@/lib/market/read/views'
import { clearOrderSeed } from './order-seed'

const permitSeconds = 3600n

/** Orders a copy with a quote: signs the permit, sends the order. `copyId` is known once the order is included. */
export function useOrder(model: ModelPage, account: `0x${string}` | null, signed: SignedQuote | null) {
  const chain = useChain()
  const config = useConfig()
  const { state, send } = useTransaction(`order.${model.id}`)
  const { copyRegistry, usd } = chain.contracts

  const prepare = async (): Promise<Write> => {
    if (!account || !signed) throw new KinmarkError('wallet.not-connected')
    const client = getPublicClient(config)
    if (!client) throw new KinmarkError('wallet.network-unknown', { chainId: chain.chainId })
    const value = model.terms.price + BigInt(signed.quote.fee) + model.terms.collateral
    const { timestamp } = await client.getBlock({ blockTag: 'pending' })
    const deadline = timestamp + permitSeconds
    const typed = permitTypedData(await readPermitState(client, usd, account), {
      owner: account,
      spender: copyRegistry,
      value,
      deadline,
    })
    const signature = await signTypedData(config, { ...typed, account } as never)
    return orderWithPermitCall(copyRegistry, signed, permitOf(signature as Hex, value, deadline))
  }

  const copyId =
    state.stage === 'included' && state.receipt.status === 'success'
      ? parseEventLogs({ abi: copyRegistryAbi, eventName: 'Ordered', logs: state.receipt.logs })[0]?.args.id.toString()
      : undefined
  // The next order of this model needs a new seed, also when a reload resumed this one.
  useEffect(() => {
    if (copyId && account) clearOrderSeed(model.id, account)
  }, [copyId, account, model.id])
  const order = () => send(prepare)
  return { state, order, copyId }
}

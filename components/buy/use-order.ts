'use client'

import { useEffect, useState } from 'react'
import { type Hex, parseEventLogs } from 'viem'
import { useConfig } from 'wagmi'
import { getPublicClient, signTypedData } from 'wagmi/actions'
import { useChain } from '@/components/wallet/chain'
import { useTransaction, type Write } from '@/components/wallet/use-transaction'
import { sendJson } from '@/lib/browser/http'
import { copyRegistryAbi, testUsdAbi } from '@/lib/chain/generated'
import { buyerSeedHash, type Order, orderWithPermitCall } from '@/lib/chain/order'
import { permitOf, permitTypedData, readPermitState } from '@/lib/chain/permit'
import { orderProof } from '@/lib/chain/writes/proofs'
import { KinmarkError } from '@/lib/error'
import type { ModelPage } from '@/lib/market/read/views'
import { clearOrderSeed, orderSeed } from './order-seed'

/** After this the chain refuses the payment, so that one that went astray cannot be taken later. */
const permitSeconds = 900n

/**
 * Orders a copy: stores the seed, signs the permit, sends the order. `copyId` is known once the order is included, and
 * remembered until `another` begins a further order. `known` is the copy of an order that turned out to be paid already.
 * Two orders never pay for the same seed or with the same permit.
 */
export function useOrder(model: ModelPage, account: `0x${string}` | null) {
  const chain = useChain()
  const config = useConfig()
  const { state, send, reset } = useTransaction(`order.${model.id}`, { remember: true })
  const { copyRegistry, usd } = chain.contracts
  const [known, setKnown] = useState<string | null>(null)

  const prepare = async (): Promise<Write> => {
    if (!account) throw new KinmarkError('wallet.not-connected')
    const seed = orderSeed(model.id, account)
    const { copy } = await sendJson<{ copy: string | null }>('/api/seeds', { seed })
    if (copy !== null) {
      clearOrderSeed(model.id, account)
      setKnown(copy)
      throw new KinmarkError('wallet.order-known', { copy })
    }
    const client = getPublicClient(config)
    if (!client) throw new KinmarkError('wallet.network-unknown', { chainId: chain.chainId })
    const seedHash = buyerSeedHash(seed)
    const value = model.terms.price + model.terms.collateral
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
    const order: Order = {
      modelId: model.id,
      version: model.version,
      maxPrice: model.terms.price,
      termsHash: model.termsHash,
      buyerSeedHash: seedHash,
      minter: chain.minter,
    }
    return {
      ...orderWithPermitCall(copyRegistry, order, permitOf(signature as Hex, value, deadline)),
      proof: orderProof(copyRegistry, account, seedHash),
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
  const another = () => {
    setKnown(null)
    reset()
  }
  return { state, order, copyId, known, another }
}

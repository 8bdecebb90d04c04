'use client'

import { useEffect } from 'react'
import { useChain } from '@/components/wallet/chain'
import { useTransaction } from '@/components/wallet/use-transaction'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import type { SignedQuote } from '@/lib/chain/quote'
import { KinmarkError } from '@/lib/error'
import type { ModelPage } from '@/lib/market/read/views'
import { clearOrderSeed } from './order-seed'

/**
 * Orders a copy with a quote: signs the permit, sends the order. `copyId` is known once the order is included, and
 * remembered until `another` begins a further order. Two orders never pay for the same seed or with the same permit.
 */
export function useOrder(model: ModelPage, account: `0x${string}` | null, signed: SignedQuote | null) {
  const chain = useChain()
  const { config } = useAccount()
  const { state, send, reset } = useTransaction(`order.${model.id}`, { remember: true })
  const copyId = state.stage === 'included' ? (state.id ?? undefined) : undefined
  // The next order of this model needs a new seed, also when a reload resumed this one.
  useEffect(() => {
    if (copyId && account) clearOrderSeed(model.id, account)
  }, [copyId, account, model.id])
  const order = () =>
    send(async () => {
      if (!account || !config || !signed) throw new KinmarkError('wallet.not-connected')
      const total = model.terms.price + BigInt(signed.quote.fee) + model.terms.collateral
      const { prepareOrder } = await loadPart(import('./prepare-order'))
      return prepareOrder(config, { chain, account, signed, total })
    })
  return { state, order, copyId, another: reset }
}

'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { readJson, sendJson } from '@/lib/browser/http'
import type { QuoteView } from '@/lib/market/mint/quotes'
import type { ModelPage } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import { type SignedQuote, signedQuoteSchema } from '@/lib/minting/quote'
import { orderSeed } from './order-seed'

const pollMs = 500

export type QuoteState = { signed: SignedQuote | null; waiting: boolean; error: Error | null; ask: () => void }

/** Asks the minter for a quote as soon as the buyer is signed in and the key pool is on the chain. */
export function useQuote(model: ModelPage, account: `0x${string}` | null): QuoteState {
  const asked = useMutation({
    mutationFn: async (buyer: string) =>
      sendJson<QuoteView>('/api/quotes', { model: model.id, seed: orderSeed(model.id, buyer) }),
  })
  const { mutate, reset } = asked
  const isSold = model.keyPoolRoot !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed terms need a new quote
  useEffect(() => {
    reset()
    if (account && isSold) mutate(account)
  }, [account, isSold, mutate, reset, model.termsHash])
  const id = asked.data?.id
  const answer = useQuery({
    queryKey: ['quote', id],
    queryFn: () => readJson<QuoteView>(`/api/quotes/${id}`),
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) => (data?.signed || data?.failure ? false : pollMs),
  })
  const { signed, failure } = answer.data ?? { signed: null, failure: null }
  return {
    signed: signed && signedQuoteSchema.parse(signed),
    waiting: account !== null && isSold && !signed && !failure && !asked.error,
    error: asked.error ?? (failure && errorOfFailure(failure)),
    ask: () => account && mutate(account),
  }
}

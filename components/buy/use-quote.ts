'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { readJson, sendJson } from '@/lib/browser/http'
import { type SignedQuote, signedQuoteSchema } from '@/lib/chain/quote'
import type { ModelPage, QuoteView } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import { orderSeed } from './order-seed'

const pollMs = 500

export type QuoteState = { signed: SignedQuote | null; error: Error | null; ask: () => void }

/** Asks the minter for a quote as soon as the buyer is signed in. The answer comes when the key pool is on the chain. */
export function useQuote(model: ModelPage, account: `0x${string}` | null): QuoteState {
  const asked = useMutation({
    mutationFn: async (buyer: string) =>
      sendJson<QuoteView>('/api/quotes', { model: model.id, seed: orderSeed(model.id, buyer) }),
  })
  const { mutate, reset } = asked
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed terms need a new quote
  useEffect(() => {
    reset()
    if (account) mutate(account)
  }, [account, mutate, reset, model.termsHash])
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
    error: asked.error ?? (failure && errorOfFailure(failure)),
    ask: () => account && mutate(account),
  }
}

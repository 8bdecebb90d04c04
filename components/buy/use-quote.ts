'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { readJson, sendJson } from '@/lib/browser/http'
import { loadPart } from '@/lib/browser/load-part'
import type { SignedQuote } from '@/lib/chain/quote'
import { KinmarkError } from '@/lib/error'
import type { ModelPage, QuoteView } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import { clearOrderSeed, orderSeed } from './order-seed'

const pollMs = 500

/** Changed terms need a new quote. */
type Wanted = { buyer: string; termsHash: string }

type Answer = { signed: SignedQuote | null; failure: QuoteView['failure'] }

export type QuoteState = {
  signed: SignedQuote | null
  error: Error | null
  /** The copy of an order that turned out to be paid already. */
  known: string | undefined
  ask: () => void
}

/** Asks the minter for a quote as soon as the buyer is signed in. The answer comes when the key pool is on the chain. */
export function useQuote(model: ModelPage, account: `0x${string}` | null): QuoteState {
  const asked = useMutation({
    mutationFn: async ({ buyer }: Wanted) =>
      sendJson<QuoteView>('/api/quotes', { model: model.id, seed: orderSeed(model.id, buyer) }),
    onError: (error, { buyer }) => paidCopy(error) && clearOrderSeed(model.id, buyer),
  })
  const { mutate, reset } = asked
  const { termsHash } = model
  const ask = useCallback(() => account && mutate({ buyer: account, termsHash }), [account, mutate, termsHash])
  useEffect(() => {
    reset()
    ask()
  }, [ask, reset])
  const id = asked.data?.id
  const answer = useQuery({
    queryKey: ['quote', id],
    queryFn: async (): Promise<Answer> => {
      const { signed, failure } = await readJson<QuoteView>(`/api/quotes/${id}`)
      if (!signed) return { signed, failure }
      const { signedQuoteSchema } = await loadPart(import('@/lib/chain/quote'))
      return { signed: signedQuoteSchema.parse(signed), failure }
    },
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) => (data?.signed || data?.failure ? false : pollMs),
  })
  const { signed, failure } = answer.data ?? { signed: null, failure: null }
  return {
    signed,
    error: asked.error ?? (failure && errorOfFailure(failure)),
    known: paidCopy(asked.error),
    ask,
  }
}

function paidCopy(error: Error | null): string | undefined {
  const paid = error instanceof KinmarkError && error.code === 'wallet.order-known'
  return paid ? (error as KinmarkError<'wallet.order-known'>).facts.copy : undefined
}

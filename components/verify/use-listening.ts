'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { readJson, sendFile, sendJson } from '@/lib/browser/http'
import { KinmarkError, messageOf } from '@/lib/error'
import type { ListeningView } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import { listeningUrl } from './subject'

/** A listening, by the ids that the page’s address has too: a reload loses nothing. */
export type SentAnswers = { model: string; listening: string }

type State = {
  heard: ListeningView['heard']
  step: { label: string; done: number | null } | null
  error: string | null
}

const pollMs = 1_000

/** Sends recorded answers to the minter of a model and follows them until they are judged. `signedIn`: the result may be asked for. */
export function useListening(earlier: SentAnswers | null, signedIn: boolean) {
  const [sent, setSent] = useState(earlier)
  const abort = useRef<AbortController>(null)
  const show = (next: SentAnswers | null) => {
    setSent(next)
    window.history.replaceState(null, '', next ? `/verify?${new URLSearchParams(next)}` : '/verify')
  }
  const sending = useMutation({
    mutationFn: ({ model, answers }: { model: string; answers: File }) => {
      abort.current = new AbortController()
      return sendFile<ListeningView>(listeningUrl(model), answers, abort.current.signal)
    },
    onSuccess: ({ id }, { model }) => show({ model, listening: id }),
  })
  const url = sent && listeningUrl(sent.model, sent.listening)
  const { data, error } = useQuery({
    queryKey: ['listening', url],
    queryFn: ({ signal }) => readJson<ListeningView>(url ?? '', signal),
    enabled: signedIn && url !== null,
    refetchInterval: ({ state }) => (isOver(state.data, state.error) ? false : pollMs),
  })

  const forget = () => {
    abort.current?.abort()
    sending.reset()
    if (sent) show(null)
  }
  /** Cancelling deletes the answers that were sent. */
  const cancel = () => {
    if (url) sendJson(url, {}, 'DELETE').catch(() => undefined)
    forget()
  }
  const failure = sending.error ?? (data?.failure ? errorOfFailure(data.failure) : url === null ? null : error)
  const state: State = {
    heard: data?.heard ?? null,
    step: sending.isPending ? { label: 'Sending answers', done: null } : url && signedIn ? stepOf(data, error) : null,
    error: failure && messageOf(failure),
  }
  return { ...state, model: sent?.model, send: sending.mutate, cancel, forget }
}

/** A server that does not answer for a while is asked on. */
function isOver(view: ListeningView | undefined, error: Error | null): boolean {
  const isUnknown = error instanceof KinmarkError && error.code === 'market.listening-unknown'
  return Boolean(view?.heard || view?.failure) || isUnknown
}

function stepOf(view: ListeningView | undefined, error: Error | null): State['step'] {
  if (isOver(view, error)) return null
  if (!view) return { label: 'Asking the minter', done: null }
  const { done, texts } = view
  return done > 0
    ? { label: `The minter reads ${texts} ${texts === 1 ? 'answer' : 'answers'}`, done }
    : { label: 'Waiting for the minter, which does one thing at a time', done: null }
}

'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { Outcome } from './ask-suspect'
import type { Subject } from './subject'
import type { Weights } from './suspect-step'

export type VerifyState =
  | { stage: 'idle' }
  | { stage: 'running'; step: string; done: number | null }
  | { stage: 'done'; outcome: Outcome }
  | { stage: 'failed'; message: string }

/** Opens the suspect in a worker and asks it every key of the key set. */
export function useVerify() {
  const [state, setState] = useState<VerifyState>({ stage: 'idle' })
  const abort = useRef<AbortController>(null)

  useEffect(() => () => abort.current?.abort(), [])

  const run = useCallback(async (suspect: Weights, subject: Subject, backend: WebBackend) => {
    const controller = new AbortController()
    abort.current = controller
    const { signal } = controller
    const showStep = (step: string, done: number | null) => {
      if (!signal.aborted) setState({ stage: 'running', step, done })
    }
    try {
      const { askSuspect } = await loadPart(import('./ask-suspect'))
      const outcome = await askSuspect(suspect, subject, { backend, signal, showStep })
      setState({ stage: 'done', outcome })
    } catch (error) {
      setState(signal.aborted ? { stage: 'idle' } : { stage: 'failed', message: messageOf(error) })
    }
  }, [])

  const cancel = useCallback(() => abort.current?.abort(), [])
  const reset = useCallback(() => setState({ stage: 'idle' }), [])
  return { state, run, cancel, reset }
}

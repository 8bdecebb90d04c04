'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { Asked } from './ask-suspect'
import { cancelled, type Heard } from './hear-answers'
import type { ModelSubject, Subject } from './subject'
import type { Weights } from './suspect-step'

type Outcome = Asked | { kind: 'heard'; heard: Heard; model: string }

export type VerifyState =
  | { stage: 'idle' }
  | { stage: 'running'; step: string; done: number | null }
  | { stage: 'done'; outcome: Outcome }
  | { stage: 'failed'; message: string }

type Work = (given: { signal: AbortSignal; showStep: (step: string, done: number | null) => void }) => Promise<Outcome>

/** Asks a suspect every key of a key set, or has recorded answers judged. */
export function useVerify() {
  const [state, setState] = useState<VerifyState>({ stage: 'idle' })
  const abort = useRef<AbortController>(null)

  useEffect(() => () => abort.current?.abort(), [])

  const run = useCallback(async (work: Work) => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    const { signal } = controller
    const showStep = (step: string, done: number | null) => {
      if (!signal.aborted) setState({ stage: 'running', step, done })
    }
    try {
      const outcome = await work({ signal, showStep })
      if (!signal.aborted) setState({ stage: 'done', outcome })
    } catch (error) {
      if (abort.current === controller)
        setState(signal.aborted ? { stage: 'idle' } : { stage: 'failed', message: messageOf(error) })
    }
  }, [])

  const ask = useCallback(
    (suspect: Weights, subject: Subject, backend: WebBackend) =>
      run(async (given) => {
        const { askSuspect } = await loadPart(import('./ask-suspect'))
        return askSuspect(suspect, subject, { backend, ...given })
      }),
    [run],
  )
  /** `onSent` gets the id by which `hear` waits for the same answers. */
  const send = useCallback(
    (answers: File, subject: ModelSubject, onSent: (listening: string) => void) =>
      run(async (given) => {
        const { hearAnswers, sendAnswers } = await loadPart(import('./hear-answers'))
        const listening = await sendAnswers(answers, subject, given)
        onSent(listening)
        return { kind: 'heard', model: subject.name, heard: await hearAnswers(listening, subject.id, given) }
      }),
    [run],
  )
  const hear = useCallback(
    (listening: string, subject: ModelSubject) =>
      run(async (given) => {
        const { hearAnswers } = await loadPart(import('./hear-answers'))
        return { kind: 'heard', model: subject.name, heard: await hearAnswers(listening, subject.id, given) }
      }),
    [run],
  )

  const cancel = useCallback(() => abort.current?.abort(cancelled), [])
  return { state, ask, send, hear, cancel }
}

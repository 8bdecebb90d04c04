'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { backendName } from '@/components/runtime/backend-name'
import { useChain } from '@/components/wallet/chain'
import { messageOf } from '@/lib/error'
import { formatBytes } from '@/lib/format/sizes'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import { type Answer, generateText } from './generate-text'
import { type LoadedWebModel, loadModel } from './load-model'
import type { Settings } from './settings'
import type { Source } from './source'

export type Completion = {
  prompt: string
  answer: Answer
  /** What computes. */
  runs: string
  /** Why WebAssembly runs although nobody chose it. */
  fallback: string | null
}

export type PlaygroundState =
  | { stage: 'idle' }
  | { stage: 'loading'; step: string; done: number | null; note?: string }
  | { stage: 'running' | 'done'; completion: Completion }
  | { stage: 'failed'; message: string; completion: Completion | null }

export type Question = { source: Source; backend: WebBackend; prompt: string; settings: Settings }

const nothing: Answer = { text: '', tokens: 0, perSecond: null, ended: null }

/** Keeps one model loaded, and asks it; other weights or another backend take its place. */
export function usePlayground() {
  const chain = useChain()
  const [state, setState] = useState<PlaygroundState>({ stage: 'idle' })
  const loaded = useRef<{ source: Source; backend: WebBackend; loadedModel: LoadedWebModel }>(null)
  const abort = useRef<AbortController>(null)
  const stopped = useRef(false)

  const unload = useCallback(() => {
    loaded.current?.loadedModel.runtime.close()
    loaded.current = null
  }, [])

  useEffect(
    () => () => {
      abort.current?.abort()
      unload()
    },
    [unload],
  )

  const load = useCallback(
    async (source: Source, backend: WebBackend, signal: AbortSignal): Promise<LoadedWebModel> => {
      unload()
      setState({ stage: 'loading', step: 'Fetching the files', done: null })
      const onProgress = (step: string, done: number, total: number) => {
        if (!signal.aborted)
          setState({
            stage: 'loading',
            step: done < total ? step : 'Starting the model',
            done: done < total ? done / total : null,
            note: `${formatBytes(done)} of ${formatBytes(total)}`,
          })
      }
      const loadedModel = await loadModel(source, { backend, chain, signal, onProgress })
      loaded.current = { source, backend, loadedModel }
      return loadedModel
    },
    [chain, unload],
  )

  const run = useCallback(
    async ({ source, backend, prompt, settings }: Question) => {
      const controller = new AbortController()
      const { signal } = controller
      abort.current = controller
      stopped.current = false
      let completion: Completion | null = null
      try {
        const kept = loaded.current
        const isKept = kept?.source === source && kept.backend === backend
        const loadedModel = isKept ? kept.loadedModel : await load(source, backend, signal)
        const { runtime } = loadedModel
        const say = (stage: 'running' | 'done', answer: Answer) => {
          completion = {
            prompt,
            answer,
            runs: backendName(runtime),
            fallback: runtime.fallback && messageOf(runtime.fallback),
          }
          if (!signal.aborted) setState({ stage, completion })
        }
        say('running', nothing)
        const onAnswer = (answer: Answer) => say('running', answer)
        say(
          'done',
          await generateText(loadedModel, prompt, settings, { onAnswer, isStopped: () => stopped.current, signal }),
        )
      } catch (error) {
        if (signal.aborted) return setState({ stage: 'idle' })
        unload()
        setState({ stage: 'failed', message: messageOf(error), completion })
      }
    },
    [load, unload],
  )

  /** The model stays loaded. */
  const stop = useCallback(() => {
    stopped.current = true
  }, [])
  /** While it loads: nothing of it stays. */
  const cancel = useCallback(() => abort.current?.abort(), [])
  return { state, run, stop, cancel }
}

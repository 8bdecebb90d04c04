'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { backendName } from '@/components/runtime/backend-name'
import type { BytesDone } from '@/components/values/bytes-done'
import { useChain } from '@/components/wallet/chain'
import { messageOf } from '@/lib/error'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import { type GeneratedText, generateText } from './generate-text'
import { type LoadedWebModel, loadModel } from './load-model'
import type { Settings } from './settings'
import type { Source } from './source'

export type Completion = {
  prompt: string
  generated: GeneratedText
  /** Name of the backend, such as “WebGPU”. */
  backendLabel: string
  /** Why WebAssembly was used instead of WebGPU; null where it was chosen. */
  fallback: string | null
}

export type PlaygroundState =
  | { stage: 'idle' }
  | { stage: 'loading'; step: string; done: number | null; note?: BytesDone }
  | { stage: 'running' | 'done'; completion: Completion }
  | { stage: 'failed'; message: string; completion: Completion | null }

export type RunRequest = { source: Source; backend: WebBackend; prompt: string; settings: Settings }

const emptyText: GeneratedText = { text: '', tokens: 0, tokensPerSecond: null, finishReason: null }

/** Keeps one model loaded; other weights or another backend replace it. */
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
      setState({ stage: 'loading', step: 'Downloading files', done: null })
      const onProgress = (step: string, done: number, total: number) => {
        if (!signal.aborted)
          setState({
            stage: 'loading',
            step: done < total ? step : 'Starting the model',
            done: done < total ? done / total : null,
            note: { bytes: done, of: total },
          })
      }
      const loadedModel = await loadModel(source, { backend, chain, signal, onProgress })
      loaded.current = { source, backend, loadedModel }
      return loadedModel
    },
    [chain, unload],
  )

  const run = useCallback(
    async ({ source, backend, prompt, settings }: RunRequest) => {
      const controller = new AbortController()
      const { signal } = controller
      abort.current = controller
      stopped.current = false
      let completion: Completion | null = null
      try {
        const current = loaded.current
        const isLoaded = current?.source === source && current.backend === backend
        const loadedModel = isLoaded ? current.loadedModel : await load(source, backend, signal)
        const { runtime } = loadedModel
        const show = (stage: 'running' | 'done', generated: GeneratedText) => {
          completion = {
            prompt,
            generated,
            backendLabel: backendName(runtime),
            fallback: runtime.fallback && messageOf(runtime.fallback),
          }
          if (!signal.aborted) setState({ stage, completion })
        }
        show('running', emptyText)
        const onUpdate = (generated: GeneratedText) => show('running', generated)
        show(
          'done',
          await generateText(loadedModel, prompt, settings, { onUpdate, isStopped: () => stopped.current, signal }),
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
  /** Aborts loading and unloads the model. */
  const cancel = useCallback(() => abort.current?.abort(), [])
  return { state, run, stop, cancel }
}

'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { backendName } from '@/components/ui/backend-name'
import { useChain } from '@/components/wallet/chain'
import { sentenceOf } from '@/lib/error'
import { formatBytes } from '@/lib/format/measure'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import { type Answer, play } from './generate-text'
import { openPlayer, type WebPlayer } from './load-model'
import type { Settings } from './settings'
import type { Source } from './source'

export type Said = {
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
  | { stage: 'running' | 'done'; said: Said }
  | { stage: 'failed'; sentence: string; said: Said | null }

export type Question = { source: Source; backend: WebBackend; prompt: string; settings: Settings }

const nothing: Answer = { text: '', tokens: 0, perSecond: null, ended: null }

/** Keeps one model loaded, and asks it; other weights or another backend take its place. */
export function usePlayground() {
  const chain = useChain()
  const [state, setState] = useState<PlaygroundState>({ stage: 'idle' })
  const loaded = useRef<{ source: Source; backend: WebBackend; player: WebPlayer }>(null)
  const abort = useRef<AbortController>(null)
  const stopped = useRef(false)

  const unload = useCallback(() => {
    loaded.current?.player.runtime.close()
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
    async (source: Source, backend: WebBackend, signal: AbortSignal): Promise<WebPlayer> => {
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
      const player = await openPlayer(source, { backend, chain, signal, onProgress })
      loaded.current = { source, backend, player }
      return player
    },
    [chain, unload],
  )

  const run = useCallback(
    async ({ source, backend, prompt, settings }: Question) => {
      const controller = new AbortController()
      const { signal } = controller
      abort.current = controller
      stopped.current = false
      let said: Said | null = null
      try {
        const kept = loaded.current
        const isKept = kept?.source === source && kept.backend === backend
        const player = isKept ? kept.player : await load(source, backend, signal)
        const { runtime } = player
        const say = (stage: 'running' | 'done', answer: Answer) => {
          said = { prompt, answer, runs: backendName(runtime), fallback: runtime.fallback }
          if (!signal.aborted) setState({ stage, said })
        }
        say('running', nothing)
        const onAnswer = (answer: Answer) => say('running', answer)
        say('done', await play(player, prompt, settings, { onAnswer, isStopped: () => stopped.current, signal }))
      } catch (error) {
        if (signal.aborted) return setState({ stage: 'idle' })
        unload()
        setState({ stage: 'failed', sentence: sentenceOf(error), said })
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

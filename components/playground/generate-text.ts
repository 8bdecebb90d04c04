import { KinmarkError } from '@/lib/error'
import type { Runtime } from '@/lib/inference/runtime'
import { sampler } from '@/lib/inference/sampler'
import type { TextTokenizer } from '@/lib/weights/text/tokenizer'
import { continuation } from './continuation'
import type { Settings } from './settings'

/** A model that is loaded and can be asked. */
export type LoadedModel = { runtime: Runtime; tokenizer: TextTokenizer; ends: ReadonlySet<number> }

export type Answer = {
  text: string
  tokens: number
  /** Tokens per second after the first, which also waits for the prompt to be read; null before there is a second. */
  perSecond: number | null
  /** Why it ended; null while it goes on. */
  ended: 'length' | 'end' | 'full' | 'stopped' | null
}

type PlayOptions = { onAnswer: (answer: Answer) => void; isStopped: () => boolean; signal?: AbortSignal }

/** Lets the model go on from `prompt`, token by token, until its text ends, it has `length` tokens or is stopped. */
export async function generateText(
  { runtime, tokenizer, ends }: LoadedModel,
  prompt: string,
  { length, ...sampling }: Settings,
  { onAnswer, isStopped, signal }: PlayOptions,
): Promise<Answer> {
  const encoded = tokenizer.encodePrompt(prompt)
  const ids = encoded.length > 0 ? encoded : Int32Array.of(runtime.shape.bos)
  const room = runtime.shape.maxPositions - ids.length
  if (room < 1)
    throw new KinmarkError('playground.prompt-too-long', { tokens: ids.length, limit: runtime.shape.maxPositions })
  const choose = sampler(sampling)
  const show = continuation(tokenizer, ids)
  const added: number[] = []
  let ended: Answer['ended'] = null
  let started = 0
  const answer = (): Answer => {
    const seconds = (performance.now() - started) / 1000
    const perSecond = added.length > 1 ? (added.length - 1) / seconds : null
    return { text: show(added), tokens: added.length, perSecond, ended }
  }
  const pick = (logits: Float32Array): number => {
    started ||= performance.now()
    const token = choose(logits)
    if (!Number.isFinite(logits[token])) throw notFinite(runtime)
    if (isStopped()) ended = 'stopped'
    else if (ends.has(token)) ended = 'end'
    if (ended) return -1
    added.push(token)
    onAnswer(answer())
    return token
  }
  await runtime.generate({ ids, rows: 1, length: ids.length }, Math.min(length, room), pick, { signal })
  ended ??= room < length ? 'full' : 'length'
  return answer()
}

function notFinite({ backend, weights }: Runtime): KinmarkError {
  const half = backend === 'webgpu' && weights === 'F16'
  return new KinmarkError(half ? 'playground.half-precision-overflow' : 'playground.logits-not-finite')
}

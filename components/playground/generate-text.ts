import { KinmarkError } from '@/lib/error'
import type { Runtime } from '@/lib/inference/runtime'
import { sampler } from '@/lib/inference/sampler'
import type { TextTokenizer } from '@/lib/weights/text/tokenizer'
import { continuation } from './continuation'
import type { Settings } from './settings'

/** A loaded model. `ends`: token ids that end a text. */
export type LoadedModel = { runtime: Runtime; tokenizer: TextTokenizer; ends: ReadonlySet<number> }

export type GeneratedText = {
  text: string
  tokens: number
  /** Measured from the first token on, which excludes the prompt; null until there are two tokens. */
  tokensPerSecond: number | null
  /** Null while it is generating. */
  finishReason: 'length' | 'end' | 'full' | 'stopped' | null
}

type GenerateOptions = { onUpdate: (snapshot: GeneratedText) => void; isStopped: () => boolean; signal?: AbortSignal }

/**
 * Continues `prompt` token by token until an end token, `length` tokens, a full context or `isStopped`.
 * Throws `playground.prompt-too-long`, `playground.logits-not-finite` and `playground.half-precision-overflow`.
 */
export async function generateText(
  { runtime, tokenizer, ends }: LoadedModel,
  prompt: string,
  { length, ...sampling }: Settings,
  { onUpdate, isStopped, signal }: GenerateOptions,
): Promise<GeneratedText> {
  const encoded = tokenizer.encodePrompt(prompt)
  const ids = encoded.length > 0 ? encoded : Int32Array.of(runtime.shape.bos)
  const available = runtime.shape.maxPositions - ids.length
  if (available < 1)
    throw new KinmarkError('playground.prompt-too-long', { tokens: ids.length, limit: runtime.shape.maxPositions })
  const sample = sampler(sampling)
  const decodeNew = continuation(tokenizer, ids)
  const generated: number[] = []
  let finishReason: GeneratedText['finishReason'] = null
  let startedAt = 0
  const snapshot = (): GeneratedText => {
    const seconds = (performance.now() - startedAt) / 1000
    const tokensPerSecond = generated.length > 1 ? (generated.length - 1) / seconds : null
    return { text: decodeNew(generated), tokens: generated.length, tokensPerSecond, finishReason }
  }
  const pick = (logits: Float32Array): number => {
    startedAt ||= performance.now()
    const token = sample(logits)
    if (!Number.isFinite(logits[token])) throw notFinite(runtime)
    if (isStopped()) finishReason = 'stopped'
    else if (ends.has(token)) finishReason = 'end'
    if (finishReason) return -1
    generated.push(token)
    onUpdate(snapshot())
    return token
  }
  await runtime.generate({ ids, rows: 1, length: ids.length }, Math.min(length, available), pick, { signal })
  finishReason ??= available < length ? 'full' : 'length'
  return snapshot()
}

function notFinite({ backend, weights }: Runtime): KinmarkError {
  const half = backend === 'webgpu' && weights === 'F16'
  return new KinmarkError(half ? 'playground.half-precision-overflow' : 'playground.logits-not-finite')
}

import { KinmarkError } from '../error'
import type { Extended } from '../inference/row'
import { type Sampling, sampler } from '../inference/sampler'
import { textStream, tokenText } from '../weights/text/text-stream'
import { pieceTokens } from './prefix-cache'
import type { ServedModel } from './served-model'
import { stopFinder } from './stop-strings'

/** What a request asks of the model. */
export type Job = {
  /** At least one token. */
  prompt: Int32Array
  /** Maximum number of new tokens. */
  maxTokens: number
  sampling: Sampling
  stops: readonly string[]
  /** Number of alternatives whose log probabilities are given with each token; null for none, not even the token's. */
  alternatives: number | null
}

export type TokenLogprob = {
  token: string
  /** Natural logarithm of the probability at temperature 1, among all tokens. */
  logprob: number
  /** The most probable tokens in its place. */
  top: readonly { token: string; logprob: number }[]
}

/** A piece of the answer that may leave: its text, and the tokens that this text completes. */
export type Piece = { text: string; logprobs: readonly TokenLogprob[] }

export type Ending = {
  finishReason: 'stop' | 'length'
  /** Tokens that were generated, without the one that ends a text. */
  completionTokens: number
  /** Tokens of the prompt that an earlier prompt had in common with it, and that were not computed again. */
  cachedTokens: number
}

/**
 * Generates an answer token by token, in turns with other answers. Stops computing at the next token when `signal`
 * aborts, and throws its reason.
 */
export async function* answer(
  model: ServedModel,
  { prompt, maxTokens, sampling, stops, alternatives }: Job,
  signal: AbortSignal,
): AsyncGenerator<Piece, Ending> {
  const { runtime, tokenizer, ends } = model
  const sample = sampler(sampling)
  const stream = textStream(tokenizer, prompt)
  const finder = stopFinder(stops)
  const held = heldLogprobs()
  const started = await computePrompt(model, prompt, signal)
  let { row, logits } = started.extended
  let previous = prompt[prompt.length - 1]
  const ending = (finishReason: Ending['finishReason'], completionTokens: number): Ending => {
    return { finishReason, completionTokens, cachedTokens: started.cachedTokens }
  }
  for (let count = 0; ; ) {
    signal.throwIfAborted()
    const token = sample(logits)
    if (!Number.isFinite(logits[token])) throw new KinmarkError('serve.logits-not-finite')
    if (ends.has(token)) {
      yield held.release(finder.end(), true)
      return ending('stop', count)
    }
    count++
    const text = stream.push(token)
    const logprob = alternatives === null ? null : logprobsOf(logits, token, alternatives)
    const named = (id: number) => tokenText(tokenizer, previous, id)
    held.add(
      text.length,
      logprob && {
        token: named(token),
        logprob: logprob.of(token),
        top: logprob.top.map((id) => ({ token: named(id), logprob: logprob.of(id) })),
      },
    )
    const shown = finder.push(text)
    if (shown.stopped) {
      yield held.release(shown.text, false)
      return ending('stop', count)
    }
    if (count === maxTokens) {
      yield held.release(shown.text + finder.end(), true)
      return ending('length', count)
    }
    const piece = held.release(shown.text, false)
    if (piece.text !== '' || piece.logprobs.length > 0) yield piece
    signal.throwIfAborted()
    ;({ row, logits } = await runtime.extend(row, Int32Array.of(token)))
    previous = token
  }
}

/** Computes a prompt from the longest beginning that is known, and keeps its own. */
async function computePrompt(
  { runtime, cache }: ServedModel,
  prompt: Int32Array,
  signal: AbortSignal,
): Promise<{ extended: Extended; cachedTokens: number }> {
  if (!cache) return { extended: await runtime.extend(null, prompt), cachedTokens: 0 }
  let row = cache.find(prompt)
  const cachedTokens = row?.ids.length ?? 0
  for (let from = cachedTokens; ; from += pieceTokens) {
    signal.throwIfAborted()
    const extended = await runtime.extend(row, prompt.slice(from, from + pieceTokens))
    if (extended.row.ids.length % pieceTokens === 0) cache.keep(extended.row)
    if (extended.row.ids.length === prompt.length) return { extended, cachedTokens }
    row = extended.row
  }
}

/** Stands for the logarithm of zero, which JSON cannot write; OpenAI’s own. */
const leastLogprob = -9999

/** Log probabilities of all tokens, and the ids of the `count` most probable ones. */
function logprobsOf(logits: Float32Array, chosen: number, count: number) {
  const greatest = logits.reduce((a, b) => Math.max(a, b), logits[chosen])
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - greatest), 0)
  const top: number[] = []
  for (let id = 0; id < logits.length; id++) {
    if (top.length === count && !(count > 0 && logits[id] > logits[top[count - 1]])) continue
    const at = top.findIndex((other) => logits[id] > logits[other])
    top.splice(at < 0 ? top.length : at, 0, id)
    top.length = Math.min(top.length, count)
  }
  return { top, of: (id: number) => Math.max(leastLogprob, logits[id] - greatest - Math.log(sum)) }
}

/** Holds each token's log probability back until some of its text, or all text before it where it has none, is shown. */
function heldLogprobs() {
  let waiting: { from: number; logprob: TokenLogprob }[] = []
  let generated = 0
  let shown = 0
  return {
    add(length: number, logprob: TokenLogprob | null) {
      if (logprob) waiting.push({ from: generated, logprob })
      generated += length
    },
    release(text: string, all: boolean): Piece {
      shown += text.length
      const ready = waiting.filter(({ from }) => all || from < shown)
      waiting = waiting.slice(ready.length)
      return { text, logprobs: ready.map(({ logprob }) => logprob) }
    },
  }
}

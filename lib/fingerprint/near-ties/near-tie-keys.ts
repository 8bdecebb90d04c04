import type { Matrix, RunOptions, Runtime, Tap, TokenBatch } from '../../inference/runtime'
import { batchOf, sliceBatch, tokensOf } from '../keys/batch'
import type { KeyText } from '../keys/key-text'
import { argmax, row, rowsFrom, zeros } from '../linear/matrix'

/** Prompts, one batch for every length. Prompt i is the i-th row of all batches in order. */
export type Prompts = { prompts: TokenBatch[] }

/** Prompts at which the base hesitates between two answers, shortest first. */
export type NearTieKeys = Prompts & {
  /** The likelier answer and its rival, [N, 2]. */
  pairs: Uint32Array
  /** Logit of the first answer minus the second in the base, nats, [N], ≥ 0. */
  gaps: Float64Array
  /** The keys as text, [N]; null where the model has no tokenizer. */
  texts: KeyText[] | null
}

const rowsAtOnce = 256

/** Runs every prompt; a tap's rows are the prompts in order. Only taps of the last position. */
export async function runKeys<T extends Tap>(
  runtime: Runtime,
  { prompts }: Prompts,
  taps: readonly T[],
  options: RunOptions = {},
): Promise<Record<T, Matrix>> {
  const out = new Map<T, Matrix>()
  const rows = prompts.reduce((sum, batch) => sum + batch.rows, 0)
  for await (const { at, ran } of runParts(runtime, prompts, taps, options))
    for (const tap of taps) {
      const { data, cols } = ran[tap]
      const whole = out.get(tap) ?? zeros(rows, cols)
      out.set(tap, whole)
      whole.data.set(data, at * cols)
    }
  return Object.fromEntries(out) as Record<T, Matrix>
}

/** The likeliest next token after every prompt, [N]. */
export async function answersOf(runtime: Runtime, prompts: Prompts, options: RunOptions = {}): Promise<Int32Array> {
  return Int32Array.from((await answersWithLogOdds(runtime, prompts, [], options)).map(({ token }) => token))
}

/**
 * The likeliest next token after every prompt and, for a prompt with a pair of tokens, the logit of the first minus that of
 * the second, nats, [N]. It never holds all logits at once.
 */
export async function answersWithLogOdds(
  runtime: Runtime,
  { prompts }: Prompts,
  pairs: readonly (readonly [number, number] | null)[],
  options: RunOptions = {},
): Promise<{ token: number; logOdds: number | null }[]> {
  const answers: { token: number; logOdds: number | null }[] = []
  for await (const { at, part, ran } of runParts(runtime, prompts, ['logits'], options))
    for (let i = 0; i < part.rows; i++) {
      const logits = row(ran.logits, i)
      const pair = pairs[at + i]
      answers.push({ token: argmax(logits), logOdds: pair ? logits[pair[0]] - logits[pair[1]] : null })
    }
  return answers
}

/** Logit of each key's first answer minus its second, nats, [N]. */
export async function differencesOf(
  runtime: Runtime,
  { prompts, pairs }: Pick<NearTieKeys, 'prompts' | 'pairs'>,
  options: RunOptions = {},
): Promise<Float64Array> {
  const out = new Float64Array(pairs.length / 2)
  for await (const { at, part, ran } of runParts(runtime, prompts, ['logits'], options))
    for (let i = 0; i < part.rows; i++) {
      const logits = row(ran.logits, i)
      out[at + i] = logits[pairs[2 * (at + i)]] - logits[pairs[2 * (at + i) + 1]]
    }
  return out
}

/**
 * Runs every prompt some at a time, so that only one part's taps are in memory; `at` is the part's first prompt. States to
 * begin at are those of all prompts, one after another.
 */
export async function* runParts<T extends Tap>(
  runtime: Runtime,
  prompts: readonly TokenBatch[],
  taps: readonly T[],
  options: RunOptions,
): AsyncGenerator<{ at: number; part: TokenBatch; ran: Record<T, Matrix> }> {
  const rows = prompts.reduce((sum, batch) => sum + batch.rows, 0)
  const { states } = options
  let [at, token] = [0, 0]
  for (const batch of prompts)
    for (let from = 0; from < batch.rows; from += rowsAtOnce) {
      const part = sliceBatch(batch, from, from + rowsAtOnce)
      const tokens = part.rows * part.length
      const own = states && { ...states, states: rowsFrom(states.states, token, token + tokens) }
      yield { at, part, ran: await runtime.run(part, taps, { ...options, states: own, onProgress: undefined }) }
      at += part.rows
      token += tokens
      options.onProgress?.(at, rows)
    }
}

/** Token ids of every prompt, in order. */
export function promptsOf({ prompts }: Prompts): Int32Array[] {
  return prompts.flatMap((batch) => Array.from({ length: batch.rows }, (_, i) => tokensOf(batch, i)))
}

/** The keys at these indexes, ascending. */
export function takeKeys(keys: NearTieKeys, kept: readonly number[]): NearTieKeys {
  const { pairs, gaps, texts } = keys
  const prompts = promptsOf(keys)
  return {
    prompts: batchesOf(kept.map((k) => prompts[k])),
    pairs: Uint32Array.from(kept.flatMap((k) => [pairs[2 * k], pairs[2 * k + 1]])),
    gaps: Float64Array.from(kept, (k) => gaps[k]),
    texts: texts && kept.map((k) => texts[k]),
  }
}

/** The keys of both, shortest first, and the places that they are taken from: those of `b` follow those of `a`. */
export function joinedKeys(a: NearTieKeys, b: NearTieKeys): { keys: NearTieKeys; from: number[] } {
  const prompts = [...promptsOf(a), ...promptsOf(b)]
  const from = prompts.map((_, i) => i).sort((i, j) => prompts[i].length - prompts[j].length || i - j)
  const whole = {
    prompts: prompts.map((ids) => batchOf([ids])),
    pairs: Uint32Array.from([...a.pairs, ...b.pairs]),
    gaps: Float64Array.from([...a.gaps, ...b.gaps]),
    texts: a.texts && b.texts && [...a.texts, ...b.texts],
  }
  return { keys: takeKeys(whole, from), from }
}

/** Prompts in batches of one length; prompts of one length must follow one another. */
export function batchesOf(prompts: readonly ArrayLike<number>[]): TokenBatch[] {
  const batches: ArrayLike<number>[][] = []
  for (const prompt of prompts) {
    const last = batches.at(-1)
    if (last?.[0].length === prompt.length) last.push(prompt)
    else batches.push([prompt])
  }
  return batches.map(batchOf)
}

/** +1 where the answer is the first of the key's pair, −1 where it is the second, 0 where it is neither. */
export function votesOf(answers: ArrayLike<number>, pairs: ArrayLike<number>): Int8Array {
  return Int8Array.from(answers, (answer, i) => (answer === pairs[2 * i] ? 1 : answer === pairs[2 * i + 1] ? -1 : 0))
}

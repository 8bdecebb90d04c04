import { KinmarkError } from '../error'
import type { TextTokenizer } from '../weights/text/tokenizer'
import { type OwnerKeySet, subset } from './keyset/owner-key-set'
import type { ProgressOptions } from './stages/progress'
import { majorityRate, missRate, oddsOf } from './stats/sequential'
import { falsePositiveRate, judge, type Verdict } from './verify'

/** First token, as text, of a suspect that can only be asked. */
export type AskEndpoint = (prompt: string, signal?: AbortSignal) => Promise<{ text: string; likeliest: boolean }>

export type EndpointVerdict = Verdict & {
  /** Questions sent; keys whose text does not read back as their tokens are never sent. */
  questions: number
  leftOut: number
  /** How often each key was asked. */
  samples: number
  /** Chance that a copy which still answers half of its keys is not recognised by as many keys. */
  missRate: number
  /** Whether it was certain before all keys were asked. */
  stoppedEarly: boolean
}

/** Chance of missing a copy at which a suspect is let go before all keys are asked. */
const acceptedMiss = 1e-4
const probes = 4
/** All that lies outside the nucleus: what one draw of an unmarked model gives to candidates, at temperature 1 or less. */
const drawnRate = 0.2
/** Keys between two looks at whose copy it is. */
const lookEvery = 8

/**
 * Asks an endpoint the keys of `kit` that are leased for it, in their order, until the verdict is certain: “ours” and
 * named, or surely not ours. Half of the false-positive rate is spent on stopping early, half on the exact binomial over
 * all keys. Where answers may be drawn instead of greedy, more than half of several decide a key, against a rate for draws.
 */
export async function verifyEndpoint(
  ask: AskEndpoint,
  keySet: OwnerKeySet,
  tokenizer: Pick<TextTokenizer, 'encode' | 'decode'>,
  { onProgress, signal, name = true }: ProgressOptions & { name?: boolean } = {},
): Promise<EndpointVerdict> {
  const texts = keySet.keys.map(({ ids, candidates }) => readable(tokenizer, ids, candidates))
  const sent = texts.flatMap((text, i) => (text && !keySet.keys[i].disclosed ? [i] : []))
  if (sent.length === 0) throw new KinmarkError('fingerprint.keys-not-text', { keys: keySet.keys.length })
  const answers = new Int32Array(keySet.keys.length).fill(-1)
  let questions = 0
  const once = async (i: number) => {
    questions++
    return ask(texts[i]?.prompt ?? '', signal)
  }
  const samples = await samplesNeeded(sent.slice(0, probes), once)
  const nullRate = samples === 1 ? keySet.nullRate : Math.max(keySet.nullRate, majorityRate(samples, drawnRate))
  const looks = Math.ceil(sent.length / lookEvery)
  const asked: number[] = []
  let [verdict, strongest, stoppedEarly] = [judge(keySet, answers), 1, false]
  for (const i of sent) {
    signal?.throwIfAborted()
    const given = await Promise.all(Array.from({ length: samples }, () => once(i)))
    answers[i] = texts[i]?.tokenOf(given.map(({ text }) => text)) ?? -1
    asked.push(i)
    onProgress?.({ stage: 'verify', step: 'asking the endpoint', done: asked.length / sent.length })
    const last = asked.length === sent.length
    if (!last && asked.length % lookEvery !== 0) continue
    const judged = judge({ ...subset(keySet, asked), nullRate }, takeAnswers(answers, asked), {
      rate: falsePositiveRate / looks,
    })
    const { anytime, missed } = oddsOf(judged.hits, judged.tested, nullRate)
    strongest = Math.min(strongest, anytime, last ? judged.pValue : 1)
    const pValue = Math.min(1, 2 * strongest)
    verdict = { ...judged, pValue, ours: pValue <= falsePositiveRate, accused: unionOver(looks, judged) }
    stoppedEarly = !last && ((verdict.ours && (!name || verdict.accused.length > 0)) || missed <= acceptedMiss)
    if (stoppedEarly) break
  }
  return {
    ...verdict,
    ...{ questions, leftOut: keySet.keys.length - sent.length, samples, stoppedEarly },
    missRate: missRate(sent.length, nullRate, falsePositiveRate / 2),
  }
}

/**
 * How often a key is asked: once where the endpoint itself says which token is likeliest, twice where it repeats itself
 * (both answers must agree, because a model that draws may repeat itself by chance), else five times.
 */
async function samplesNeeded(keys: readonly number[], once: (key: number) => ReturnType<AskEndpoint>): Promise<number> {
  let repeats = true
  for (const key of keys) {
    const [first, second] = [await once(key), await once(key)]
    if (first.likeliest && second.likeliest) return 1
    repeats &&= first.text === second.text
  }
  return repeats ? 2 : 5
}

function unionOver(looks: number, { accused }: Verdict): Verdict['accused'] {
  return accused.map((each) => ({ ...each, falseAccusation: looks * each.falseAccusation }))
}

function takeAnswers(answers: Int32Array, keys: readonly number[]): number[] {
  return keys.map((key) => answers[key])
}

type Readable = { prompt: string; tokenOf(answers: readonly string[]): number }

/** A key as text, and its candidates by the text that they add; null where the text would be read as other tokens. */
function readable(
  { encode, decode }: Pick<TextTokenizer, 'encode' | 'decode'>,
  ids: readonly number[],
  candidates: readonly number[],
): Readable | null {
  const prompt = decode(ids)
  const back = encode(prompt)
  if (back.length !== ids.length || back.some((id, i) => id !== ids[i])) return null
  const added = candidates.map((id) => decode([...ids, id]).slice(prompt.length))
  const alike = (a: string, b: string) => a === b || (a.trim() !== '' && a.trim() === b.trim())
  if (added.some((text, i) => text === '' || added.some((other, j) => j < i && alike(text, other)))) return null
  return {
    prompt,
    tokenOf(answers) {
      const found = answers.map((text) => candidates[added.findIndex((each) => alike(each, text))] ?? -1)
      return found.find((token) => 2 * found.filter((other) => other === token).length > found.length) ?? -1
    },
  }
}

import { KinmarkError } from '../error'
import type { TextTokenizer } from '../weights/text/tokenizer'
import { keyText } from './keys/key-text'
import { type OwnerKeySet, subset } from './keyset/owner-key-set'
import type { ProgressOptions } from './stages/progress'
import { majorityRate, missRate, oddsOf } from './stats/sequential'
import { falsePositiveRate, judge, type Verdict } from './verify'

/** The first token, as text, of an endpoint’s answer; `likeliest` where the endpoint shows that it is the greedy one. */
export type AskEndpoint = (prompt: string, signal?: AbortSignal) => Promise<{ text: string; likeliest: boolean }>

export type EndpointVerdict = Verdict & {
  /** Requests sent. */
  questions: number
  /** Keys that were not sent, because text cannot carry them. */
  leftOut: number
  /** Requests per key. */
  samples: number
  /** Probability that a copy which still answers half of its keys is not recognised by as many keys. */
  missRate: number
  /** Whether the verdict was certain before all keys were sent. */
  stoppedEarly: boolean
}

/** Probability of missing a copy at which the remaining keys are not sent. */
const acceptedMiss = 1e-4
/** Keys that are sent twice at first, to choose the number of samples. */
const probes = 4
/** Mass outside the nucleus: an upper bound on a candidate’s probability in one sample of an unmarked model, up to temperature 1. */
const sampledRate = 0.2
/** Keys between two interim analyses. */
const lookEvery = 8

/**
 * Verifies a model that only answers text. Sends the keys of `keySet`, in order, until the verdict is certain: either
 * “ours” with the copy named, or not ours. Half of the false-positive rate is spent on stopping early, half on the exact
 * binomial test over all keys. Where answers may be sampled, a majority of several decides each key, tested against
 * the rate of sampled answers. Throws `fingerprint.keys-not-text` where text can carry no key.
 */
export async function verifyEndpoint(
  ask: AskEndpoint,
  keySet: OwnerKeySet,
  tokenizer: Pick<TextTokenizer, 'encode' | 'decode'>,
  { onProgress, signal, name = true }: ProgressOptions & { name?: boolean } = {},
): Promise<EndpointVerdict> {
  const texts = keySet.keys.map(({ ids, candidates }) => keyText(tokenizer, ids, candidates))
  const sendable = texts.flatMap((text, i) => (text && !keySet.keys[i].disclosed ? [i] : []))
  if (sendable.length === 0) throw new KinmarkError('fingerprint.keys-not-text', { keys: keySet.keys.length })
  const answers = new Int32Array(keySet.keys.length).fill(-1)
  let questions = 0
  const askKey = async (i: number) => {
    questions++
    return ask(texts[i]?.prompt ?? '', signal)
  }
  const samples = await samplesPerKey(sendable.slice(0, probes), askKey)
  const nullRate = samples === 1 ? keySet.nullRate : Math.max(keySet.nullRate, majorityRate(samples, sampledRate))
  const looks = Math.ceil(sendable.length / lookEvery)
  const tested: number[] = []
  let [verdict, smallestP, stoppedEarly] = [judge(keySet, answers), 1, false]
  for (const i of sendable) {
    signal?.throwIfAborted()
    const samplesOfKey = await Promise.all(Array.from({ length: samples }, () => askKey(i)))
    answers[i] = texts[i]?.tokenOf(samplesOfKey.map(({ text }) => text)) ?? -1
    tested.push(i)
    onProgress?.({ stage: 'verify', step: 'sending keys to the endpoint', done: tested.length / sendable.length })
    const last = tested.length === sendable.length
    if (!last && tested.length % lookEvery !== 0) continue
    const interim = judge(
      { ...subset(keySet, tested), nullRate },
      tested.map((key) => answers[key]),
      { rate: falsePositiveRate / looks },
    )
    const { anytime, missed } = oddsOf(interim.hits, interim.tested, nullRate)
    smallestP = Math.min(smallestP, anytime, last ? interim.pValue : 1)
    const pValue = Math.min(1, 2 * smallestP)
    verdict = { ...interim, pValue, ours: pValue <= falsePositiveRate, accused: overLooks(interim.accused, looks) }
    stoppedEarly = !last && ((verdict.ours && (!name || verdict.accused.length > 0)) || missed <= acceptedMiss)
    if (stoppedEarly) break
  }
  return {
    ...verdict,
    ...{ questions, leftOut: keySet.keys.length - sendable.length, samples, stoppedEarly },
    missRate: missRate(sendable.length, nullRate, falsePositiveRate / 2),
  }
}

/**
 * Requests per key: one where the endpoint shows the likeliest token; two where it repeats itself, and both must agree,
 * because a sampled answer may repeat by chance; else five.
 */
async function samplesPerKey(
  keys: readonly number[],
  askKey: (key: number) => ReturnType<AskEndpoint>,
): Promise<number> {
  let repeats = true
  for (const key of keys) {
    const [first, second] = [await askKey(key), await askKey(key)]
    if (first.likeliest && second.likeliest) return 1
    repeats &&= first.text === second.text
  }
  return repeats ? 2 : 5
}

/** Union bound over the interim analyses. */
function overLooks(accused: Verdict['accused'], looks: number): Verdict['accused'] {
  return accused.map((each) => ({ ...each, falseAccusation: looks * each.falseAccusation }))
}

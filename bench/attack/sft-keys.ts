import { derive } from '../../lib/fingerprint/code/secrets'
import { batchOf, tokensOf } from '../../lib/fingerprint/keys/batch'
import { sampleText } from '../../lib/fingerprint/keys/sample'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import { meanLoss } from '../../lib/fingerprint/quality/quality-loss'
import { binomialTail } from '../../lib/fingerprint/stats/binomial'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { falsePositiveRate } from '../../lib/fingerprint/verify'
import type { FingerprintRuntime, Runtime, TokenBatch } from '../../lib/inference/runtime'
import type { ModelConfig } from '../../lib/weights/config/config'
import type { Weights as Every } from '../../test/train/llama'
import { tune } from '../../test/train/tune'
import { withEdits } from '../marked/open-marked'
import type { Host } from './answering'
import { answersOfHost, type Judged, type Method } from './methods'
import type { Weights } from './weights'

const keyLength = 16
const candidates = 4
const nucleus = 0.8
const batchRows = 32

type Options = {
  keys: number
  copies: number
  books: number
  /** Steps of Adam at 1e-3 on the matrices inside the layers. */
  steps: number
  /** Each copy is drawn back toward the base until it does no more harm than this on `heldOut`. */
  harm: number
  heldOut: TokenBatch
}

/**
 * Fingerprints by fine-tuning, as published (Perinucleus): each key is a natural prompt, each copy's response one of the
 * four tokens just outside the base's top-0.8 nucleus. A copy is named by how many keys it answers with its own response,
 * against a chance of one in four among those answered with any candidate.
 */
export async function sftKeys(
  {
    runtime,
    config,
    weights,
    matrices,
  }: { runtime: FingerprintRuntime; config: ModelConfig; weights: Every; matrices: readonly string[] },
  { keys: count, copies: copyCount, books, steps, harm, heldOut }: Options,
): Promise<Method & { deltaLoss: number[] }> {
  const secret = new Uint8Array(32).fill(3)
  const keys = await sampleText(runtime, secret, 'keys', count, keyLength)
  const { logits } = await runtime.run(keys, ['logits'])
  const choices = Array.from({ length: count }, (_, i) => perinucleus(row(logits, i)))
  const symbolsOf = (copy: number) => {
    const random = seededRandom(derive(secret, 'codeword', [Uint8Array.of(copy >> 8, copy & 255)], 16))
    return Uint8Array.from(choices, () => Math.floor(random() * candidates))
  }
  const symbols = Array.from({ length: books }, (_, copy) => symbolsOf(copy))
  const baseLoss = await meanLoss(runtime, heldOut)
  const copies: Weights[] = []
  const deltaLoss: number[] = []
  for (let copy = 0; copy < copyCount; copy++) {
    const random = seededRandom(new Uint8Array(16).fill(copy + 1))
    const next = () => {
      const rows = Array.from({ length: Math.min(batchRows, count) }, () => Math.floor(random() * count))
      const batch = batchOf(rows.map((i) => [...tokensOf(keys, i), choices[i][symbols[copy][i]]]))
      return { batch, weigh: (_: number, t: number) => (t === keyLength - 1 ? 1 : 0) }
    }
    const tuned = await tune(
      { matmul: runtime.matmul, config },
      weights,
      { optimizer: 'AdamW', rate: 1e-3, steps },
      next,
      random,
      matrices,
    )
    const between = (part: number) =>
      new Map(
        matrices.map((name) => {
          const [base, goal] = [weights.get(name)!.data, tuned.get(name)!.data]
          return [name, base.map((x, i) => x + part * (goal[i] - x))]
        }),
      )
    let [low, high] = [0, 1]
    const harmOf = async (part: number) => (await meanLoss(withEdits(runtime, between(part)), heldOut)) - baseLoss
    if ((await harmOf(1)) > harm)
      for (let n = 0; n < 6; n++) {
        const middle = (low + high) / 2
        if ((await harmOf(middle)) > harm) high = middle
        else low = middle
      }
    else low = 1
    copies.push(between(low))
    deltaLoss.push(await harmOf(low))
  }
  const goal = Math.log(books / falsePositiveRate)
  const natsOf = (answers: ArrayLike<number>, copy: number) => {
    let [answered, own] = [0, 0]
    for (const [i, tokens] of choices.entries()) {
      const symbol = tokens.indexOf(answers[i])
      if (symbol < 0) continue
      answered++
      if (symbol === symbols[copy][i]) own++
    }
    return { nats: -Math.log(Math.max(Number.MIN_VALUE, binomialTail(own, answered, 1 / candidates))), own }
  }
  const judgeAnswers = (answers: ArrayLike<number>, members: readonly number[]): Judged => {
    const all = symbols.map((_, copy) => natsOf(answers, copy))
    const named = all.flatMap(({ nats }, copy) => (nats >= goal ? [copy] : []))
    return {
      ...{
        named: named.filter((copy) => members.includes(copy)).length,
        ours: named.length > 0,
        z: null,
        questions: null,
      },
      innocents: named.filter((copy) => !members.includes(copy)).length,
      match: all[members[0]].own / count,
      nats: Math.min(...members.map((copy) => all[copy].nats)),
    }
  }
  return {
    ...{ name: 'SFT', copies, prompts: [keys], deltaLoss, judgeAnswers },
    judge: async (suspect: Runtime, host: Host, members) =>
      judgeAnswers(await answersOfHost(suspect, host, [keys]), members),
  }
}

/** The tokens just outside the top-0.8 nucleus, likeliest first. */
function perinucleus(logits: Float32Array): number[] {
  const falling = Array.from(logits, (_, v) => v).sort((a, b) => logits[b] - logits[a])
  const best = logits[argmax(logits)]
  const weights = falling.map((v) => Math.exp(logits[v] - best))
  const total = weights.reduce((a, b) => a + b, 0)
  let [inside, sum] = [0, 0]
  while (inside < falling.length - candidates && sum + weights[inside] < nucleus * total) sum += weights[inside++]
  return falling.slice(inside + 1, inside + 1 + candidates)
}

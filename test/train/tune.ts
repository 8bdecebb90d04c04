import { gaussian, type Random } from '../../lib/fingerprint/stats/random'
import type { Matmul, TokenBatch } from '../../lib/inference/runtime'
import type { ModelConfig } from '../../lib/weights/config/config'
import { lossGradient, type Weights } from './llama'

export type Tuning = {
  optimizer: 'AdamW' | 'SGD' | 'Lion'
  rate: number
  steps: number
  /** LoRA of this rank on every matrix inside the layers, instead of all weights. */
  rank?: number
}

/** The part of the steps over which the rate rises. */
const warmup = 0.2
const decay = 0.01
const alpha = 2

/** Tunes the weights in `only` of a Llama on the batches that `next` gives; see `lossGradient`. */
export async function tune(
  { matmul, config }: { matmul: Matmul; config: ModelConfig },
  start: Weights,
  tuning: Tuning,
  next: (step: number) => { batch: TokenBatch; weigh?: (row: number, t: number) => number },
  random: Random,
  only: readonly string[] = [...start.keys()],
): Promise<Weights> {
  const adapters = tuning.rank === undefined ? null : newAdapters(start, tuning.rank, random)
  const weights: Weights = new Map([...start].map(([name, w]) => [name, { ...w, data: w.data.slice() }]))
  const state = new Map<string, [Float32Array, Float32Array]>()
  for (let step = 0; step < tuning.steps; step++) {
    const rate = tuning.rate * Math.min(1, (step + 1) / (warmup * tuning.steps))
    const { batch, weigh } = next(step)
    const { by } = await lossGradient(matmul, config, weights, batch, weigh)
    const move = (name: string, values: Float32Array, gradient: Float32Array) => {
      const kept = state.get(name) ?? [new Float32Array(values.length), new Float32Array(values.length)]
      state.set(name, kept)
      steps[tuning.optimizer](values, gradient, kept, rate, step)
    }
    if (!adapters) for (const name of only) move(name, weights.get(name)!.data, by.get(name)!)
    else
      for (const [name, { a, b }] of adapters) {
        const gradient = { ...start.get(name)!, data: by.get(name)! }
        const [dA, dB] = [await matmul(b, gradient, 'a'), await matmul(gradient, a, 'b')]
        move(`${name} a`, a.data, dA.data)
        move(`${name} b`, b.data, dB.data)
        const { data } = await matmul(b, a)
        const base = start.get(name)!.data
        weights.get(name)!.data.set(base.map((x, i) => x + alpha * data[i]))
      }
  }
  return weights
}

type Step = (
  values: Float32Array,
  gradient: Float32Array,
  state: [Float32Array, Float32Array],
  rate: number,
  step: number,
) => void

const steps: Record<Tuning['optimizer'], Step> = {
  AdamW(values, gradient, [first, second], rate, step) {
    const [one, two] = [1 - 0.9 ** (step + 1), 1 - 0.999 ** (step + 1)]
    for (let i = 0; i < values.length; i++) {
      first[i] = 0.9 * first[i] + 0.1 * gradient[i]
      second[i] = 0.999 * second[i] + 0.001 * gradient[i] ** 2
      values[i] -= rate * (first[i] / one / (Math.sqrt(second[i] / two) + 1e-8) + decay * values[i])
    }
  },
  SGD(values, gradient, [first], rate) {
    for (let i = 0; i < values.length; i++) {
      first[i] = 0.9 * first[i] + gradient[i]
      values[i] -= rate * first[i]
    }
  },
  Lion(values, gradient, [first], rate) {
    for (let i = 0; i < values.length; i++) {
      values[i] -= rate * (Math.sign(0.9 * first[i] + 0.1 * gradient[i]) + decay * values[i])
      first[i] = 0.99 * first[i] + 0.01 * gradient[i]
    }
  },
}

/** A [rank, in], small and random, and B [out, rank], zero, per matrix: W + alpha · B A. */
function newAdapters(weights: Weights, rank: number, random: Random) {
  return new Map(
    [...weights].flatMap(([name, { rows, cols }]) => {
      if (rows === 1 || !/\.layers\./.test(name)) return []
      const a = {
        data: Float32Array.from({ length: rank * cols }, () => gaussian(random) / Math.sqrt(cols)),
        rows: rank,
        cols,
      }
      return [[name, { a, b: { data: new Float32Array(rows * rank), rows, cols: rank } }] as const]
    }),
  )
}

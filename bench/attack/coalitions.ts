import { seededRandom } from '../../lib/fingerprint/stats/random'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import { average } from './combine-weights'
import { spanCut } from './span-cut'
import { onEach, type Weights } from './weights'

/** Attacks by several buyers who combine the weights of their copies. */
export type Coalition = { name: string; run(copies: readonly Weights[]): Promise<Map<string, Float32Array>> }

export function coalitions(runtime: FingerprintRuntime): Coalition[] {
  return [
    { name: 'averaged', run: async (copies) => average(copies) },
    ...[64, 128, 256].map((rank) => ({
      name: `span of differences cut, rank ${rank}`,
      run: (copies: readonly Weights[]) =>
        onEach(runtime, copies[0], [...copies[0].keys()], (w, name) =>
          spanCut(
            runtime.matmul,
            copies.map((copy) => ({ ...w, data: copy.get(name) ?? w.data })),
            Math.min(rank, w.cols / 2),
          ),
        ),
    })),
    { name: 'every row from one at random', run: async (copies) => mixed(runtime, copies) },
    { name: 'the median of every weight', run: async (copies) => median(copies) },
  ]
}

async function mixed(runtime: FingerprintRuntime, copies: readonly Weights[]): Promise<Map<string, Float32Array>> {
  const random = seededRandom(new Uint8Array(16).fill(4))
  return onEach(runtime, copies[0], [...copies[0].keys()], (w, name) => {
    const data = w.data.slice()
    for (let i = 0; i < w.rows; i++) {
      const from = copies[Math.floor(random() * copies.length)].get(name) ?? w.data
      data.set(from.subarray(i * w.cols, (i + 1) * w.cols), i * w.cols)
    }
    return { ...w, data }
  })
}

function median(copies: readonly Weights[]): Map<string, Float32Array> {
  return new Map(
    [...copies[0]].map(([name, first]) => [
      name,
      first.map((_, i) => {
        const values = copies.map((copy) => copy.get(name)?.[i] ?? first[i]).sort((a, b) => a - b)
        const middle = (values.length - 1) / 2
        return (values[Math.floor(middle)] + values[Math.ceil(middle)]) / 2
      }),
    ]),
  )
}

import { fuzzWeights } from '../test/fuzz-weights'

/** Inspects many folders with one broken file each: `npm run fuzz:weights -- [RUNS] [SEED]`. */

const [runs, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? Date.now() % 2 ** 31)]
const started = performance.now()
const { rejected, codes, maxAllocated } = await fuzzWeights(runs, seed)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `${runs} broken folders (seed ${seed}) in ${seconds} s: ${rejected} rejected with ${codes.size} error codes, the others read; at most ${(maxAllocated / 1_048_576).toFixed(1)} MiB allocated for one`,
)

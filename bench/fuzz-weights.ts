import { fuzzWeights } from '../test/fuzz-weights'

/** Opens many folders with one broken file each: `npm run fuzz:weights -- [RUNS] [SEED]`. */

const [runs, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? Date.now() % 2 ** 31)]
const started = performance.now()
const { refused, messages, mostAllocated } = await fuzzWeights(runs, seed)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `${runs} broken folders (seed ${seed}) in ${seconds} s: ${refused} refused with ${messages.size} kinds of sentences, the others read; at most ${(mostAllocated / 1_048_576).toFixed(1)} MiB taken by one`,
)

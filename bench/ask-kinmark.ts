import { openNodeRuntime } from '../lib/inference/open-node-runtime'
import { measure } from './ask'

/** One column of `bench:runtime`: a folder as Kinmark runs it. */

const [folder, asked] = process.argv.slice(2)
const argmax = (logits: Float32Array) => {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i
  return best
}

const figures = await measure(async () => {
  const runtime = await openNodeRuntime(folder)
  return {
    vocab: runtime.shape.vocab,
    answer: async (ids, rows, length) => void (await runtime.run({ ids, rows, length }, ['logits'])),
    continue: async (ids, tokens) =>
      void (await runtime.generate({ ids, rows: 1, length: ids.length }, tokens, argmax)),
  }
}, JSON.parse(asked))
process.stdout.write(JSON.stringify(figures))

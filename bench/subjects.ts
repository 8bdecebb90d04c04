import type { AutoModelForCausalLM, Tensor } from '@huggingface/transformers'
import type { Runtime } from '../lib/inference/runtime'
import type { Subject, Workload } from './measure-runtime'

/** Kinmark’s Runtime and a transformers.js model behind the same interface, in Node and in a page. */

export function kinmarkSubject(runtime: Runtime): Subject {
  return {
    vocab: runtime.shape.vocab,
    answer: async (ids, rows, length) => void (await runtime.run({ ids, rows, length }, ['logits'])),
    continue: async (ids, tokens) =>
      void (await runtime.generate({ ids, rows: 1, length: ids.length }, tokens, argmax)),
  }
}

export function transformersSubject(
  model: Awaited<ReturnType<typeof AutoModelForCausalLM.from_pretrained>>,
  TensorClass: typeof Tensor,
  { rowsPerCall }: Workload,
): Subject {
  const generate = async (ids: Int32Array, rows: number, length: number, tokens: number) => {
    const input_ids = new TensorClass('int64', BigInt64Array.from(ids, BigInt), [rows, length])
    const attention_mask = new TensorClass('int64', new BigInt64Array(rows * length).fill(1n), [rows, length])
    const out = await model.generate({
      ...{ input_ids, attention_mask, max_new_tokens: tokens, min_new_tokens: tokens, do_sample: false },
    } as Parameters<typeof model.generate>[0])
    if ((out as Tensor).dims[1] !== length + tokens) throw new Error('transformers.js stopped early.')
  }
  return {
    vocab: Number(Reflect.get(model.config, 'vocab_size')),
    async answer(ids, rows, length) {
      for (let from = 0; from < rows; from += rowsPerCall) {
        const count = Math.min(rowsPerCall, rows - from)
        await generate(ids.subarray(from * length, (from + count) * length), count, length, 1)
      }
    },
    continue: (ids, tokens) => generate(ids, 1, ids.length, tokens),
  }
}

function argmax(logits: Float32Array): number {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i
  return best
}

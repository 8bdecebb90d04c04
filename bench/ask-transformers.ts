import { basename, dirname } from 'node:path'
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers'
import { type Asked, measure } from './ask'

/** A column of `bench:runtime`: an exported folder as transformers.js runs it. */

const [folder, text] = process.argv.slice(2)
const asked: Asked = JSON.parse(text)
env.allowRemoteModels = false
env.localModelPath = dirname(folder)

const figures = await measure(async () => {
  const model = await AutoModelForCausalLM.from_pretrained(basename(folder))
  const generate = async (ids: Int32Array, rows: number, length: number, tokens: number) => {
    const input_ids = new Tensor('int64', BigInt64Array.from(ids, BigInt), [rows, length])
    const attention_mask = new Tensor('int64', new BigInt64Array(rows * length).fill(1n), [rows, length])
    const out = await model.generate({
      ...{ input_ids, attention_mask, max_new_tokens: tokens, min_new_tokens: tokens, do_sample: false },
    } as Parameters<typeof model.generate>[0])
    if ((out as Tensor).dims[1] !== length + tokens) throw new Error('transformers.js stopped early.')
  }
  return {
    vocab: (model.config as unknown as { vocab_size: number }).vocab_size,
    async answer(ids, rows, length) {
      for (let from = 0; from < rows; from += asked.atOnce) {
        const count = Math.min(asked.atOnce, rows - from)
        await generate(ids.subarray(from * length, (from + count) * length), count, length, 1)
      }
    },
    continue: (ids, tokens) => generate(ids, 1, ids.length, tokens),
  }
}, asked)
process.stdout.write(JSON.stringify(figures))

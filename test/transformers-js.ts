import { basename, dirname } from 'node:path'
import { AutoModelForCausalLM, AutoTokenizer, env, Tensor } from '@huggingface/transformers'
import type { AskEndpoint } from '../lib/fingerprint/verify-endpoint'

/** A folder of `kinmark export` in transformers.js, asked as an endpoint is: the surest five tokens that follow a prompt. */
export async function askTransformersJs(
  folder: string,
): Promise<{ chat: AskEndpoint; plain: AskEndpoint; close(): Promise<void> }> {
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  const name = basename(folder)
  const [model, tokenizer] = [
    await AutoModelForCausalLM.from_pretrained(name),
    await AutoTokenizer.from_pretrained(name),
  ]

  async function answer(ids: Tensor) {
    const attention_mask = new Tensor('int64', new BigInt64Array(ids.data.length).fill(1n), ids.dims)
    const { logits } = (await model({ input_ids: ids, attention_mask })) as { logits: Tensor }
    const vocab = logits.dims[2]
    const last = (logits.data as Float32Array).subarray(-vocab)
    const best = Array.from(last, (logit, id) => ({ logit, id }))
      .sort((a, b) => b.logit - a.logit)
      .slice(0, 5)
    const sum = last.reduce((total, logit) => total + Math.exp(logit - best[0].logit), 0)
    const top = best.map(({ logit, id }) => [tokenizer.decode([id]), logit - best[0].logit - Math.log(sum)] as const)
    return { text: top[0][0], top }
  }

  return {
    plain: async (prompt) => answer((await tokenizer(prompt)).input_ids),
    async chat(prompt) {
      const messages = [{ role: 'user', content: prompt }]
      const options = { add_generation_prompt: true, return_dict: true, enable_thinking: false } as const // as keys are asked
      const { input_ids } = tokenizer.apply_chat_template(messages, options) as { input_ids: Tensor }
      return answer(input_ids)
    },
    close: async () => void (await model.dispose()),
  }
}

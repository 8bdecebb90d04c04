import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutoModelForCausalLM, AutoTokenizer, env, type Tensor } from '@huggingface/transformers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runKinmark } from '../../test/run-kinmark'

let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-'))
  env.allowRemoteModels = false
  env.localModelPath = work
})
afterAll(() => rm(work, { recursive: true, force: true }))

type Prompt = { text: string; ids: number[]; greedy_ids: number[]; greedy_text: string }

test.each(['tiny', 'tiny-shakespeare'])(
  'behavior: transformers.js generates the tokens of the reference: %s',
  async (name) => {
    const { status } = await runKinmark('export', `public/models/${name}`, '--out', join(work, name))
    expect(status).toBe(0)
    expect(await readdir(join(work, name, 'onnx'))).toEqual(['model.onnx', 'model.onnx_data'])
    const { prompts } = JSON.parse(await readFile(`test/golden/${name}.json`, 'utf8')) as { prompts: Prompt[] }
    const [model, tokenizer] = [
      await AutoModelForCausalLM.from_pretrained(name),
      await AutoTokenizer.from_pretrained(name),
    ]
    for (const { text, greedy_ids } of prompts) {
      const inputs = await tokenizer(text, { add_special_tokens: false })
      const more = greedy_ids.length - inputs.input_ids.dims[1]
      const out = (await model.generate({
        ...inputs,
        max_new_tokens: more,
        min_new_tokens: more,
        do_sample: false,
      })) as Tensor
      expect(Array.from(out.data as BigInt64Array, Number)).toEqual(greedy_ids)
    }
    await model.dispose()
  },
)

test('error: no --out, a folder that is not empty, a folder without a model', async () => {
  expect(await runKinmark('export', 'public/models/tiny')).toMatchObject({
    status: 2,
    output: expect.stringContaining('--out'),
  })
  expect((await runKinmark('export', 'public/models/tiny', '--out', 'docs')).output).toContain('already holds')
  expect((await runKinmark('export', 'docs', '--out', join(work, 'x'))).output).toContain('“config.json” is missing')
})

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { llamaGguf } from '../../lib/weights/gguf/write/llama-gguf'
import { quantise, type WrittenType, writtenTypes } from '../../lib/weights/gguf/write/quantise'
import { decodeTensor } from '../../lib/weights/tensor'
import { openChatTemplate } from '../../lib/weights/text/chat-template'
import { endTokens } from '../../lib/weights/text/end-tokens'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { hasLlamaCpp, openLlamaCpp } from '../../test/fixtures/llama-cpp'
import { demoFiles, type named } from '../../test/fixtures/model-folder'
import { runKinmark } from '../../test/run-kinmark'

let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-gguf-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

const text = 'The cat sat on the mat, and it said “hello” to 3 small dogs.\n\nYes!'

async function ownProbabilities(folder: string, ids: readonly number[]): Promise<number[]> {
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  const { logits } = await runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
  const largest = logits.data.reduce((a, b) => Math.max(a, b))
  const weights = Array.from(logits.data, (x) => Math.exp(x - largest))
  const sum = weights.reduce((a, b) => a + b)
  await runtime.close()
  return weights.map((weight) => weight / sum)
}

const farthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i])))

describe.skipIf(!hasLlamaCpp)('in llama.cpp', () => {
  test.each<[string, number]>([
    ['F16', 2e-3],
    ['Q8_0', 3e-2],
    ['Q4_K_M', 0.15],
  ])(
    'default: a chat model in %s has the tokens, the template and the answers of its folder',
    async (precision, tolerance) => {
      const out = join(work, precision)
      const exported = await runKinmark(
        'export',
        'public/models/quill',
        '--format',
        'gguf',
        '--precision',
        precision,
        '--out',
        out,
      )
      expect(exported).toMatchObject({ status: 0, output: expect.stringContaining(`quill-${precision}.gguf`) })
      expect(await readdir(out)).toEqual([`quill-${precision}.gguf`])
      const [files, folder] = [await folderFiles(out), demoFiles('quill')]
      const [own, stated] = [await openTokenizer(files), await openTokenizer(folder)]
      const ids = [...(stated?.encode(text) ?? [])]
      const llama = await openLlamaCpp(join(out, `quill-${precision}.gguf`))
      expect(llama.tokenize(text)).toEqual(ids)
      expect([...(own?.encode(text) ?? [])]).toEqual(ids)
      expect([...(own?.encodePrompt(text) ?? [])]).toEqual([...(stated?.encodePrompt(text) ?? [])])
      const messages = [{ role: 'user', content: 'Hello' }] as const
      expect((await openChatTemplate(files))?.(messages)).toBe((await openChatTemplate(folder))?.(messages))
      expect(await endTokens(files)).toEqual(await endTokens(folder))
      const theirs = (await llama.probabilities(ids)).at(-1) as number[]
      await llama.close()
      expect(farthest(theirs, await ownProbabilities('public/models/quill', ids))).toBeLessThan(tolerance)
    },
  )
})

test.each<[WrittenType, number]>([
  ['F16', 1e-3],
  ['Q8_0', 0.01],
  ['Q6_K', 0.03],
  ['Q4_K', 0.1],
])('behavior: what is read of %s is close to what was written, zeros and outliers too', (type, most) => {
  const values = Float32Array.from({ length: 1024 }, (_, i) => Math.sin(i * 12.9898) * (1 + (i % 7)))
  values.fill(0, 256, 512)
  values[700] = 30
  const bytes = quantise(values, type)
  expect(bytes.length).toBe((1024 / writtenTypes[type].weights) * writtenTypes[type].bytes)
  const tensor = { name: 'x', dtype: type, shape: [1024], file: '', offset: 0, byteLength: bytes.length }
  const read = decodeTensor(tensor, bytes)
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0))
  expect(norm(read.map((v, i) => v - values[i])) / norm(values)).toBeLessThan(most)
  expect([...read.subarray(256, 512)].every((v) => v === 0)).toBe(true)
})

test('error: another family, scaled positions, an unknown tokenizer, and a precision that is none', async () => {
  const config = JSON.parse(new TextDecoder().decode(await bytesOf('config.json')))
  const changed = (more: object) => demoFiles('quill', { 'config.json': JSON.stringify({ ...config, ...more }) })
  const why = async (files: ReturnType<typeof demoFiles>) =>
    llamaGguf(files, 'F16', 'x').then(
      () => 'written',
      ({ code, facts }) => (code === 'weights.cannot-write-gguf' ? facts.why : code),
    )
  expect(await why(changed({ rope_scaling: { rope_type: 'linear', factor: 2 } }))).toBe('positions')
  const tokenizer = JSON.parse(new TextDecoder().decode(await bytesOf('tokenizer.json')))
  const spaces = { ...tokenizer, pre_tokenizer: { type: 'Whitespace' } }
  expect(await why(demoFiles('quill', { 'tokenizer.json': JSON.stringify(spaces) }))).toBe('tokenizer')
  expect(await why(demoFiles('quill', { 'tokenizer.json': null }))).toBe('tokenizer')
  expect(await why(changed({ model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'] }))).not.toBe('written')
  const refused = await runKinmark(
    ...['export', 'public/models/quill', '--format', 'gguf', '--precision', 'Q9', '--out', join(work, 'none')],
  )
  expect(refused).toMatchObject({ status: 2, output: expect.stringContaining('F16, Q8_0, Q4_K_M') })
  const format = await runKinmark('export', 'public/models/quill', '--format', 'pickle', '--out', join(work, 'none'))
  expect(format).toMatchObject({ status: 2, output: expect.stringContaining('onnx') })
})

async function bytesOf(path: string): Promise<Uint8Array> {
  const file = demoFiles('quill').find((each) => each.path === path) as ReturnType<typeof named>
  return file.bytes.slice(0, file.bytes.byteLength)
}

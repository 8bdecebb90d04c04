import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gguf, llamaGguf } from '../../../test/fixtures/gguf'
import type { GgufType } from '../../../test/fixtures/gguf-blocks'
import { demoFiles } from '../../../test/fixtures/model-folder'
import type { Runtime, TokenBatch } from '../runtime'
import { openNodeRuntime } from './open-node-runtime'

let work: string
let tiny: Runtime
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-'))
  tiny = await openNodeRuntime('public/models/tiny')
})
afterAll(async () => {
  await tiny.close()
  await rm(work, { recursive: true })
})

/** `tiny` as one GGUF file with matrices of this type, or Q8_0 if their rows are too short for it. */
async function openAs(type: GgufType): Promise<Runtime> {
  const long = type === 'Q4_K' || type === 'Q6_K'
  const { metadata, tensors } = await llamaGguf(demoFiles('tiny'), (_, row) =>
    long && row % 256 !== 0 ? 'Q8_0' : type,
  )
  const { bytes } = gguf('model.gguf', metadata, tensors)
  await writeFile(join(work, 'model.gguf'), await bytes.slice(0, bytes.byteLength))
  return openNodeRuntime(work)
}

const prompts: TokenBatch = {
  ids: Int32Array.of(994, 260, 1912, 1215, 1, 2, 3, 4, 400, 500, 600, 700),
  rows: 3,
  length: 4,
}
const argmax = (logits: Float32Array) => logits.indexOf(logits.reduce((a, b) => Math.max(a, b), -Infinity))

/** Share of tokens that equal those of `tiny`, each predicted from the text that `tiny` generated. */
async function agreement(runtime: Runtime): Promise<number> {
  const text = await tiny.generate(prompts, 24, argmax)
  const hits = await Promise.all(
    Array.from({ length: 23 }, async (_, i) => {
      const ids = Int32Array.from(
        { length: 3 * (i + 1) },
        (_, j) => text.ids[Math.floor(j / (i + 1)) * 24 + (j % (i + 1))],
      )
      const batch = { ids, rows: 3, length: i + 1 }
      const [reference, quantised] = [await tiny.run(batch, ['logits']), await runtime.run(batch, ['logits'])]
      const token = (data: Float32Array, row: number) => argmax(data.subarray(row * 2048, (row + 1) * 2048))
      return [0, 1, 2].filter((row) => token(reference.logits.data, row) === token(quantised.logits.data, row)).length
    }),
  )
  return hits.reduce((a, b) => a + b) / (3 * 23)
}

test.each(['F16', 'Q8_0'] as const)('behavior: %s gives the same tokens', async (type) => {
  const runtime = await openAs(type)
  expect((await runtime.generate(prompts, 24, argmax)).ids).toEqual((await tiny.generate(prompts, 24, argmax)).ids)
  await runtime.close()
})

test.each([
  ['Q4_0', 0.5],
  ['Q4_K', 0.9],
  ['Q6_K', 0.9],
] as const)('behavior: most tokens of %s are the same', async (type, minimum) => {
  const runtime = await openAs(type)
  expect(await agreement(runtime)).toBeGreaterThan(minimum)
  await runtime.close()
})

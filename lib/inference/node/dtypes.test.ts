import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demoFiles, safetensors } from '../../../test/fixtures/model-folder'
import type { NamedBytes } from '../../weights/bytes'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { fromFloat32 } from '../../weights/dtype/float32'
import { inspectModel } from '../../weights/inspect-model'
import { readTensor } from '../../weights/tensor'
import { openNodeRuntime } from './open-node-runtime'

/** `tiny` with every weight rounded to bfloat16, in two shards of these types. */
async function rounded(first: WeightDtype, second: WeightDtype): Promise<NamedBytes[]> {
  const files = demoFiles('tiny')
  const { tensors } = await inspectModel(files)
  const shard = async (path: string, dtype: WeightDtype, odd: number) => {
    const chosen = [...tensors.values()].filter((_, i) => i % 2 === odd)
    return safetensors(
      path,
      await Promise.all(
        chosen.map(async ({ name, shape }) => {
          const data = (await readTensor(files, tensors, name)).map((x) => Math.fround(x))
          const bits = new Uint32Array(data.buffer).map((x) => x & 0xffff0000)
          return { name, dtype, shape, data: fromFloat32(new Float32Array(bits.buffer), dtype) }
        }),
      ),
    )
  }
  const others = files.filter(({ path }) => path !== 'model.safetensors')
  return [...others, await shard('a.safetensors', first, 0), await shard('b.safetensors', second, 1)]
}

async function logitsOf(files: readonly NamedBytes[]) {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of files) await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  const runtime = await openNodeRuntime(folder)
  const { logits } = await runtime.run({ ids: Int32Array.of(994, 260, 1912, 1215), rows: 1, length: 4 }, ['logits'])
  await runtime.close()
  await rm(folder, { recursive: true })
  return logits.data
}

test('behavior: bfloat16 and float32 shards of the same values give equal logits', async () => {
  const f32 = await logitsOf(await rounded('F32', 'F32'))
  const mixed = await logitsOf(await rounded('BF16', 'F32'))
  const bf16 = await logitsOf(await rounded('BF16', 'BF16'))
  expect(f32.some((x) => Math.abs(x) > 1)).toBe(true)
  expect(mixed).toEqual(f32)
  expect(bf16).toEqual(f32)
})

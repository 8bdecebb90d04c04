import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { safetensors } from '../../../test/fixtures/model-folder'
import type { Weights } from '../../../test/reference/math'
import { randomModel } from '../../../test/reference/random-model'
import { recipes } from '../../../test/reference/recipes'
import { fromFloat32 } from '../../weights/dtype/float32'
import { inspectModel } from '../../weights/inspect-model'
import { openNodeRuntime } from './open-node-runtime'

const recipe = recipes.gpt_oss
const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38]
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

/** A 4-bit float: a sign, two bits of exponent and one of mantissa. https://arxiv.org/abs/2310.10537 */
function fp4(code: number): number {
  const [sign, exponent, mantissa] = [code & 8 ? -1 : 1, (code >> 1) & 3, code & 1]
  return sign * (exponent === 0 ? mantissa / 2 : (1 + mantissa / 2) * 2 ** (exponent - 1))
}

/** The recipe's model with experts as the published ones: codes [experts, out, groups, 16] and scales, and their values. */
function packedModel() {
  const { weights } = randomModel(recipe, 'F32')
  const values = new Map<string, { shape: number[]; data: Float32Array }>()
  let seed = 1
  const byte = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 16) & 255
  }
  const tensors = recipe.shapes.flatMap(([name, shape]) => {
    if (!/experts\.(gate_up|down)_proj$/.test(name))
      return [{ name, dtype: 'F32', shape, data: fromFloat32(Float32Array.from(weights(name).data), 'F32') }]
    const [count, ins, outs] = shape
    const groups = ins / 32
    const codes = Uint8Array.from({ length: (count * outs * ins) / 2 }, byte)
    const scales = Uint8Array.from({ length: count * outs * groups }, () => 122 + (byte() % 4))
    const data = new Float32Array(count * ins * outs)
    for (let expert = 0; expert < count; expert++)
      for (let out = 0; out < outs; out++)
        for (let into = 0; into < ins; into++) {
          const at = (expert * outs + out) * ins + into
          const code = at % 2 === 0 ? codes[at >> 1] & 15 : codes[at >> 1] >> 4
          data[(expert * ins + into) * outs + out] = fp4(code) * 2 ** (scales[Math.floor(at / 32)] - 127)
        }
    values.set(name, { shape, data })
    return [
      { name: `${name}_blocks`, dtype: 'U8', shape: [count, outs, groups, 16], data: codes },
      { name: `${name}_scales`, dtype: 'U8', shape: [count, outs, groups], data: scales },
    ]
  })
  const read: Weights = (name) => values.get(name) ?? weights(name)
  return { tensors, read }
}

const stated = { quant_method: 'mxfp4', modules_to_not_convert: ['model.layers.*.self_attn', 'lm_head'] }
const configFile = (change: object = {}) => JSON.stringify({ ...recipe.config, quantization_config: stated, ...change })

async function folderOf(tensors: Parameters<typeof safetensors>[1][], config = configFile()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  folders.push(folder)
  await writeFile(join(folder, 'config.json'), config)
  for (const [i, some] of tensors.entries()) {
    const { path, bytes } = safetensors(`model-${i}.safetensors`, some)
    await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  }
  return folder
}

test.each([1, 2])('behavior: experts packed as MXFP4 in %i files give the logits of the reference', async (count) => {
  const { tensors, read } = packedModel()
  const files = Array.from({ length: count }, (_, i) => tensors.filter((_, at) => at % count === i))
  const runtime = await openNodeRuntime(await folderOf(files), { threads: 1 })
  const { logits } = await runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
  await runtime.close()
  const expected = recipe.forward(recipe.config, read, ids).logits.at(-1) ?? []
  expect(Math.max(...expected.map((x, i) => Math.abs(x - logits.data[i])))).toBeLessThan(1e-3)
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.5)
})

test('error: codes without scales, scales of another shape, another method', async () => {
  const { tensors } = packedModel()
  const open = async (some: typeof tensors, config?: string) => openNodeRuntime(await folderOf([some], config))
  await expect(open(tensors.filter(({ name }) => !name.endsWith('_scales')))).rejects.toThrow(
    kinmarkError('weights.tensor-missing'),
  )
  const cut = tensors.map((tensor) =>
    tensor.name.endsWith('down_proj_scales')
      ? { ...tensor, shape: [2, ...tensor.shape.slice(1)], data: tensor.data.slice(0, tensor.data.length / 2) }
      : tensor,
  )
  await expect(open(cut)).rejects.toThrow(kinmarkError('weights.tensor-missing'))
  await expect(open(tensors, configFile({ quantization_config: { quant_method: 'awq' } }))).rejects.toThrow(
    kinmarkError('weights.quantised'),
  )
  await expect(open(tensors, configFile({ model_type: 'llama', num_local_experts: 0 }))).rejects.toThrow(
    kinmarkError('weights.quantised'),
  )
})

test('behavior: the number of parameters counts the packed ones', async () => {
  const [plain, packed] = [randomModel(recipe, 'F32').files, packedModel().tensors]
  const { parameters } = await inspectModel(plain)
  const files = [plain[0], safetensors('model.safetensors', packed)]
  expect((await inspectModel(files)).parameters).toBe(parameters)
})

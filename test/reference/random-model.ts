import type { NamedBytes } from '../../lib/weights/bytes'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import { fromFloat32, toFloat32 } from '../../lib/weights/dtype/float32'
import { named, safetensors } from '../fixtures/model-folder'
import type { Weights } from './math'
import type { Recipe } from './recipes'

type RandomModel = { files: NamedBytes[]; weights: Weights }

/** A Hugging Face folder of a recipe with random weights of type `dtype`, and the same weights as numbers. */
export function randomModel({ config, shapes }: Recipe, dtype: WeightDtype, shards = 1): RandomModel {
  const normal = normals(shapes.length)
  const tensors = shapes.map(([name, shape]) => {
    const [mean, deviation] = scaleOf(name, shape, config.model_type)
    const count = shape.reduce((a, b) => a * b, 1)
    const data = fromFloat32(
      Float32Array.from({ length: count }, () => mean + deviation * normal()),
      dtype,
    )
    return { name, dtype, shape, data }
  })
  const files = Array.from({ length: shards }, (_, i) =>
    safetensors(
      shards === 1 ? 'model.safetensors' : `model-${i + 1}-of-${shards}.safetensors`,
      tensors.filter((_, j) => j % shards === i),
    ),
  )
  const table = new Map(tensors.map(({ name, shape, data }) => [name, { shape, data: toFloat32(data, dtype) }]))
  return {
    files: [named('config.json', JSON.stringify(config)), ...files],
    weights: (name) => {
      const weight = table.get(name)
      if (!weight) throw new Error(`The reference reads “${name}”, which the recipe does not have.`)
      return weight
    },
  }
}

/** Mean and standard deviation that keep activations near one. */
function scaleOf(name: string, shape: number[], family: string): [number, number] {
  if (name.endsWith('bias')) return [0, 0.2]
  if (shape.length === 1) return [hasZeroCentredGain(name, family) ? 0 : 1, 0.2]
  if (/embed_tokens|embed_in|wte|wpe/.test(name)) return [0, family.startsWith('gemma') ? 0.2 : 1]
  return [0, 1.2 / Math.sqrt(shape[1])]
}

/** Whether a gain is 1 + the weight, and whether other vectors are small. */
function hasZeroCentredGain(name: string, family: string): boolean {
  if (/A_log|dt_bias/.test(name)) return true
  if (family.startsWith('qwen3_5')) return !name.includes('linear_attn')
  return family.startsWith('gemma') && !family.startsWith('gemma4')
}

/** Normal numbers by Box–Muller over mulberry32; the same on every machine. */
function normals(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

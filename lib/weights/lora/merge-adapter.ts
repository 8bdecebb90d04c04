import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { isWeightDtype } from '../dtype/dtype'
import { fromFloat32 } from '../dtype/float32'
import { readSafetensors } from '../safetensors/read-safetensors'
import { readTensor, type Tensor, type TensorTable } from '../tensor'
import { readText } from '../text/text'
import { type AdapterConfig, adapterConfigPath, parseAdapterConfig } from './adapter-config'

const textLimit = 4_194_304
const prefix = 'base_model.model.'

/** What replaces a tensor of the base: B A · scale added to it, or a tensor of the adapter as it is. */
type Change = { a: Tensor; b: Tensor } | { whole: Tensor }

type Base = { tensors: TensorTable; files: readonly NamedBytes[] }

/** Whether a folder holds an adapter instead of a model. */
export function isAdapter(files: readonly { path: string }[]): boolean {
  const has = (path: string) => files.some((file) => file.path === path)
  return has(adapterConfigPath) && !has('config.json')
}

/**
 * The bytes of every tensor of the base that a LoRA adapter changes: W + scale · B A in the base's own type, scale =
 * alpha / rank, or alpha / √rank with `use_rslora`. Throws `weights.*` if the adapter does not fit the base.
 * https://arxiv.org/abs/2106.09685
 */
export async function mergeAdapter(
  adapter: readonly NamedBytes[],
  { tensors, files }: Base,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Map<string, Uint8Array>> {
  const config = adapter.find(({ path }) => path === adapterConfigPath)
  if (!config) throw new KinmarkError('weights.config-missing', { path: adapterConfigPath })
  const settings = parseAdapterConfig(await readText(config, textLimit))
  const changes = await changesOf(adapter, tensors)
  const table = new Map(
    [...changes.values()].flatMap((change) => Object.values(change).map((t) => [t.name, t] as const)),
  )
  const read = (tensor: Tensor) => readTensor(adapter, table, tensor.name)
  const edits = new Map<string, Uint8Array>()
  for (const [name, change] of changes) {
    const tensor = tensors.get(name) as Tensor
    const { dtype } = tensor
    if (!isWeightDtype(dtype)) throw new KinmarkError('weights.tensor-unknown', { tensor: name })
    if ('whole' in change) {
      assertShape(change.whole, tensor.shape)
      edits.set(name, fromFloat32(await read(change.whole), dtype))
    } else {
      const weights = await readTensor(files, tensors, name)
      addProduct(weights, tensor, { ...change, data: [await read(change.a), await read(change.b)] }, settings)
      edits.set(name, fromFloat32(weights, dtype))
    }
    onProgress(edits.size, changes.size)
  }
  return edits
}

/** Finds the base's tensor of every tensor of the adapter. */
async function changesOf(adapter: readonly NamedBytes[], base: TensorTable): Promise<Map<string, Change>> {
  const found: Tensor[] = []
  for (const file of adapter.filter(({ path }) => path.endsWith('.safetensors') && !path.includes('/')))
    found.push(...(await readSafetensors(file)))
  if (found.length === 0) throw new KinmarkError('weights.no-weights')
  const names = new Map(found.map((tensor) => [tensor.name, tensor]))
  const changes = new Map<string, Change>()
  for (const tensor of found) {
    const match = /^(?:base_model\.model\.)?(.*)\.lora_([AB])(?:\.default)?\.weight$/.exec(tensor.name)
    if (match?.[2] === 'B') continue
    const module = (match ? match[1] : tensor.name.slice(tensor.name.startsWith(prefix) ? prefix.length : 0))
      .replace(/\.modules_to_save(\.default)?/, '')
      .replace(/\.base_layer\b/, '')
    const target = targetOf(match ? `${module}.weight` : module, base)
    const b = match && names.get(tensor.name.replace('.lora_A.', '.lora_B.'))
    if (!target || (match && !b))
      throw new KinmarkError('weights.adapter-target-unknown', { tensor: tensor.name, path: tensor.file })
    changes.set(target, b ? { a: tensor, b } : { whole: tensor })
  }
  return changes
}

/** The base's name of a tensor; the adapter may have been trained on the model within one for images, or without head. */
function targetOf(name: string, base: TensorTable): string | null {
  const bare = name.replace(/^(model\.language_model\.|language_model\.model\.|model\.)/, '')
  const places = ['', 'model.', 'model.language_model.', 'language_model.model.', 'transformer.'].map((at) => at + bare)
  return [name, ...places].find((candidate) => base.has(candidate)) ?? null
}

function assertShape({ name, file, shape }: Tensor, expected: readonly number[]): void {
  if (shape.join() !== expected.join())
    throw new KinmarkError('weights.shape-mismatch', {
      ...{ tensor: name, path: file, source: adapterConfigPath, shape, expected },
    })
}

/** PEFT matches a pattern with the end of a module's name, from a dot on. */
function matches(pattern: string, module: string): boolean {
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`).test(module)
  } catch (cause) {
    throw new KinmarkError(
      'weights.setting-invalid',
      { source: adapterConfigPath, setting: 'alpha_pattern', reason: 'it is not a regular expression' },
      { cause },
    )
  }
}

/** Adds scale · B A to W, which is [out, in], or [in, out] with `fan_in_fan_out`. */
function addProduct(
  weights: Float32Array,
  { shape: [rows, cols], name }: Tensor,
  { a, b, data: [down, up] }: { a: Tensor; b: Tensor; data: [Float32Array, Float32Array] },
  { lora_alpha, alpha_pattern, use_rslora, fan_in_fan_out }: AdapterConfig,
): void {
  const [rank] = a.shape
  const [out, size] = fan_in_fan_out ? [cols, rows] : [rows, cols]
  assertShape(a, [rank, size])
  assertShape(b, [out, rank])
  const module = name.replace(/\.weight$/, '')
  const own = Object.entries(alpha_pattern ?? {}).find(([pattern]) => matches(pattern, module))
  const scale = (own?.[1] ?? lora_alpha) / (use_rslora ? Math.sqrt(rank) : rank)
  for (let i = 0; i < out; i++)
    for (let r = 0; r < rank; r++) {
      const factor = scale * up[i * rank + r]
      if (factor === 0) continue
      for (let j = 0; j < size; j++)
        weights[fan_in_fan_out ? j * cols + i : i * cols + j] += factor * down[r * size + j]
    }
}

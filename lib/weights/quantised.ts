import { KinmarkError } from '../error'
import type { TensorTable } from './tensor'

/** Names that tensors have only in weights of this method. */
const signs: readonly [method: string, name: RegExp][] = [
  ['GPTQ', /\.(g_idx)$/],
  ['AWQ or GPTQ', /\.(qweight|qzeros)$/],
  ['bitsandbytes', /\.weight\.(absmax|quant_map|quant_state)|\.SCB$/],
  ['compressed-tensors', /\.(weight_packed|weight_zero_point)$/],
  ['MXFP4', /_blocks$|_proj_scales$/],
  ['fp8', /\.(weight_scale(_inv)?|input_scale|activation_scale)$/],
]

/** Throws `weights.quantised` if the names of the tensors say that they are quantised by a method that is not `read`. */
export function assertNotQuantised(tensors: TensorTable, read: string | null = null): void {
  const all = [...tensors.values()]
  const packed = all.find(({ name, dtype }) => name.endsWith('.weight') && dtype === 'U32')
  if (packed && all.some(({ name }) => name.endsWith('.scales')))
    throw new KinmarkError('weights.quantised', { path: packed.file, method: 'MLX' })
  for (const [method, pattern] of signs) {
    if (method.toLowerCase() === read) continue
    const found = all.find(({ name }) => pattern.test(name))
    if (found) throw new KinmarkError('weights.quantised', { path: found.file, method })
  }
}

/** Throws `weights.quantised` if the settings of a config.json say so of a method that is not `read`. */
export function assertNotStatedQuantised(
  { quantization_config: stated, quantization }: Record<string, unknown>,
  source: string,
  read: string | null = null,
): void {
  if (stated && (!read || Object(stated).quant_method !== read))
    throw new KinmarkError('weights.quantised', { path: source, method: methodOf(stated) })
  if (quantization) throw new KinmarkError('weights.quantised', { path: source, method: methodOf(quantization, 'MLX') })
}

/** The method and its bits, as far as the settings name them. */
function methodOf(config: unknown, name?: string): string {
  const { quant_method, bits, load_in_4bit, load_in_8bit } = Object(config) as Record<string, unknown>
  const count = typeof bits === 'number' ? bits : load_in_4bit ? 4 : load_in_8bit ? 8 : null
  const method = name ?? (typeof quant_method === 'string' ? quant_method : 'an unnamed method')
  return count === null ? method : `${method}, ${count} bits`
}

import type { Tensor, TensorTable } from '../tensor'
import type { ModelConfig } from './config'
import { biasName, expertNames, familyRow } from './tensor-names'

/** The tensors that hold a matrix of all experts of a layer begin like this; see `Family.experts`. */
function stackName(config: ModelConfig, layer: number, part: 'gateUp' | 'down'): string {
  const { layer: layers, experts } = familyRow(config)
  return `${config.prefix}${layers}.${layer}.${experts?.each}.${experts?.[part]}`
}

/** Whether the experts are stored as numbers, [experts, in, out], and not as blocks of codes with scales. */
export function hasPlainExperts(tensors: TensorTable, config: ModelConfig): boolean {
  return config.experts?.fused === true && tensors.has(stackName(config, 0, 'down'))
}

/**
 * The table in which tensors that hold a matrix or bias of all experts are replaced by one for each expert. Tensors of
 * other shapes stay, and are refused as unexpected.
 */
export function unstacked(tensors: TensorTable, config: ModelConfig): TensorTable {
  const { experts, blocks } = config
  if (!experts?.fused) return tensors
  const table = new Map(tensors)
  for (const [layer, { hasExperts }] of blocks.entries()) {
    if (!hasExperts) continue
    for (const part of ['gateUp', 'down'] as const) {
      const name = stackName(config, layer, part)
      const [whole, bias, codes, scales] = ['', '_bias', '_blocks', '_scales'].map((end) => tensors.get(name + end))
      const nameOf = (expert: number) => expertNames(config, layer, expert)[part]
      if (whole) replace(table, whole, experts.count, nameOf)
      if (bias) replace(table, bias, experts.count, (expert) => biasName(nameOf(expert)))
      if (codes && scales) replacePacked(table, codes, scales, experts.count, nameOf)
    }
  }
  return table
}

type NameOf = (expert: number) => string

function replace(table: Map<string, Tensor>, whole: Tensor, count: number, nameOf: NameOf): void {
  if (whole.shape[0] !== count) return
  table.delete(whole.name)
  for (let expert = 0; expert < count; expert++) {
    const name = nameOf(expert)
    table.set(name, { ...whole, name, ...sliceOf(whole, expert, count), shape: whole.shape.slice(1) })
  }
}

/** Codes [experts, rows, groups, 16] and scales [experts, rows, groups], a byte each. */
function replacePacked(table: Map<string, Tensor>, codes: Tensor, scales: Tensor, count: number, nameOf: NameOf): void {
  const [, rows, groups] = codes.shape
  const fits =
    [codes, scales].every(({ dtype }) => dtype === 'U8') && [...scales.shape, 16].join() === codes.shape.join()
  if (!fits || codes.shape[0] !== count) return
  table.delete(codes.name)
  table.delete(scales.name)
  for (let expert = 0; expert < count; expert++) {
    const name = nameOf(expert)
    const own = { file: scales.file, ...sliceOf(scales, expert, count) }
    const place = { file: codes.file, ...sliceOf(codes, expert, count) }
    table.set(name, { name, dtype: 'MXFP4', shape: [rows, 32 * groups], ...place, scales: own })
  }
}

function sliceOf({ offset, byteLength }: Tensor, index: number, count: number) {
  return { offset: offset + (index * byteLength) / count, byteLength: byteLength / count }
}

import { z } from 'zod'
import { KinmarkError } from '../../error'
import type { TensorTable } from '../tensor'

const schema = z.object({ weight_map: z.record(z.string(), z.string()) })

export const indexPath = 'model.safetensors.index.json'

/** Tensor → the file that holds it. */
export type ShardIndex = ReadonlyMap<string, string>

export function parseIndex(text: string): ShardIndex {
  const path = indexPath
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('weights.not-json', { path }, { cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new KinmarkError('weights.index-invalid', { path })
  return new Map(Object.entries(parsed.data.weight_map))
}

/** Throws if the index of the shards disagrees with the tensors that they hold, as far as these are read. */
export function assertIndexFits(index: ShardIndex, tensors: TensorTable, isRead: (name: string) => boolean): void {
  for (const [tensor, listed] of index) {
    if (!isRead(tensor)) continue
    const actual = tensors.get(tensor)?.file ?? null
    if (actual !== listed) throw new KinmarkError('weights.index-mismatch', { path: indexPath, tensor, listed, actual })
  }
}

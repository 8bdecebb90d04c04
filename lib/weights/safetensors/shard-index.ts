import { z } from 'zod'
import { KinmarkError } from '../../error'
import type { TensorTable } from '../tensor'

const schema = z.object({ weight_map: z.record(z.string(), z.string()) })

export const indexPath = 'model.safetensors.index.json'

/** Throws if the index of the shards disagrees with the tensors that they hold. */
export function assertIndexFits(text: string, tensors: TensorTable): void {
  const path = indexPath
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('weights.not-json', { path }, { cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new KinmarkError('weights.index-invalid', { path })
  for (const [tensor, listed] of Object.entries(parsed.data.weight_map)) {
    const actual = tensors.get(tensor)?.file ?? null
    if (actual !== listed) throw new KinmarkError('weights.index-mismatch', { path, tensor, listed, actual })
  }
}

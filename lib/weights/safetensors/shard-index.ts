import { z } from 'zod'
import { LegacyError } from '../../error'
import type { TensorTable } from '../tensor'

const schema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** Checks `model.safetensors.index.json` against what the shards really hold. */
export function assertIndexFits(text: string, tensors: TensorTable): void {
  const path = '“model.safetensors.index.json”'
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new LegacyError(`${path} is not JSON.`, { cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new LegacyError(`${path} has no usable weight_map.`)
  for (const [name, file] of Object.entries(parsed.data.weight_map)) {
    const found = tensors.get(name)?.file
    if (found !== file)
      throw new LegacyError(
        `${path} says that “${name}” is in “${file}”, but it is ${found ? `in “${found}”` : 'in none of the files'}.`,
      )
  }
}

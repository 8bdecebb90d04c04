import { understand } from './open'
import type { Answer } from './options'
import { table } from './table'

export async function inspect(folder: string): Promise<Answer> {
  const { files, model } = await understand(folder)
  const { config, tensors, dtype, parameters, sizeBytes, card } = model
  const { family, layers, hidden, ff, heads, kvHeads, vocab, maxPositions } = config
  const text = table([
    ['family', family],
    ['parameters', parameters.toLocaleString('en')],
    ['weights', `${sizeBytes.toLocaleString('en')} bytes, ${dtype}, ${tensors.size} tensors`],
    ['layers', `${layers} of width ${hidden}, ${ff} in the middle; ${heads} heads, ${kvHeads} for keys and values`],
    ['vocabulary', `${vocab} tokens, ${maxPositions} positions`],
    ['licence', card?.licence ?? 'none named'],
    ['files', files.map(({ path }) => path).join(', ')],
  ])
  const json = {
    ...{ family, dtype, parameters, sizeBytes, config, card },
    tensors: [...tensors.values()],
    files: files.map(({ path, bytes }) => ({ path, size: bytes.byteLength })),
  }
  return { text, json, yes: true }
}

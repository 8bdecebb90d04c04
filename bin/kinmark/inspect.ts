import { formatBytes } from '../../lib/format/sizes'
import { memoryNeeded } from '../../lib/inference/memory'
import { folderFiles } from '../../lib/inference/node/folder'
import { inspectWeights } from '../../lib/weights/inspect-weights'
import type { CommandResult } from './options'
import { table } from './table'

export async function inspect(folder: string): Promise<CommandResult> {
  const files = await folderFiles(folder)
  const { config, tensors, dtype, parameters, sizeBytes, card, leftOut } = await inspectWeights(files)
  const memory = { needed: memoryNeeded({ parameters }), free: process.availableMemory() }
  const { family, layers, hidden, ff, heads, kvHeads, vocab, maxPositions } = config
  const text = table([
    ['family', family],
    ['parameters', parameters.toLocaleString('en')],
    ['weights', `${sizeBytes.toLocaleString('en')} bytes, ${dtype}, ${tensors.size} tensors`],
    ['memory', `${formatBytes(memory.needed)} needed to run, ${formatBytes(memory.free)} free on this machine`],
    [
      'layers',
      `${layers}, hidden size ${hidden}, MLP size ${ff}, ${heads} attention heads, ${kvHeads} key-value heads`,
    ],
    ['vocabulary', `${vocab} tokens, ${maxPositions} positions`],
    ['licence', card?.licence ?? 'not stated'],
    ['files', files.map(({ path }) => path).join(', ')],
    ...(leftOut.length > 0 ? [['left out', leftOut.join(', ')] as [string, string]] : []),
  ])
  const json = {
    ...{ family, dtype, parameters, sizeBytes, memory, config, card, leftOut },
    tensors: [...tensors.values()],
    files: files.map(({ path, bytes }) => ({ path, size: bytes.byteLength })),
  }
  return { text, json, yes: true }
}

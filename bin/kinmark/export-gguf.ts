import { mkdir, open } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { writeAtomically } from '../../lib/storage/write-atomically'
import { alignedLength, byteLengthOf, ggufHead } from '../../lib/weights/gguf/write/gguf-head'
import { llamaGguf, type Precision, precisions } from '../../lib/weights/gguf/write/llama-gguf'
import { assertFreeFolder } from './copy-folder'
import { openModelFolder } from './open-model-folder'
import { type CommandResult, required, type Values } from './options'
import type { Step } from './progress-line'
import { table } from './table'

/** Writes a folder with one GGUF file, which llama.cpp, Ollama and LM Studio load. */
export async function exportGguf(
  folder: string,
  values: Values,
  { onProgress, signal }: { onProgress(step: Step): void; signal?: AbortSignal },
): Promise<CommandResult> {
  const out = required(values, 'out')
  const precision = precisionOf(values)
  await assertFreeFolder(out)
  const { files } = await openModelFolder(folder)
  const name = basename(resolve(folder))
  const { metadata, tensors, read } = await llamaGguf(files, precision, name)
  const head = ggufHead(metadata, tensors)
  const total = tensors.reduce((sum, tensor) => sum + alignedLength(byteLengthOf(tensor)), head.length)
  const file = `${name}-${precision}.gguf`
  await writeAtomically(out, async (temporary) => {
    await mkdir(temporary, { recursive: true })
    const handle = await open(join(temporary, file), 'w')
    try {
      await handle.writeFile(head)
      let written = head.length
      for (const tensor of tensors) {
        signal?.throwIfAborted()
        const bytes = await read(tensor)
        await handle.writeFile(bytes)
        await handle.writeFile(new Uint8Array(alignedLength(bytes.length) - bytes.length))
        written += alignedLength(bytes.length)
        onProgress({ stage: 'export', step: tensor.name, done: written / total })
      }
    } finally {
      await handle.close()
    }
  })
  const text = table([
    ['exported', join(out, file)],
    ['weights', `${total.toLocaleString('en')} bytes in ${precision}`],
    ['run with', `llama-server -m ${join(out, file)}`],
  ])
  return { text, json: { out, file, precision, bytes: total }, yes: true }
}

function precisionOf({ precision = 'Q8_0' }: Values): Precision {
  const found = precisions.find((each) => each.toLowerCase() === precision.toLowerCase())
  if (found) return found
  const expected = precisions.join(', ')
  throw new KinmarkError('gateway.option-invalid', { option: 'precision', value: precision, expected })
}

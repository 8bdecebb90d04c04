import { folderFiles } from '../../lib/inference/node/folder'
import { mergeAdapter } from '../../lib/weights/lora/merge-adapter'
import { assertFreeFolder, writeCopy } from './copy-folder'
import { openModelFolder } from './open-model-folder'
import { type CommandResult, required, type Values } from './options'
import type { Step } from './progress-line'
import { table } from './table'

/** Writes the base's folder with a LoRA adapter merged into its weights. */
export async function merge(
  adapter: string,
  folder: string,
  values: Values,
  onProgress: (step: Step) => void,
): Promise<CommandResult> {
  const out = required(values, 'out')
  await assertFreeFolder(out)
  const { files, model } = await openModelFolder(folder)
  const edits = await mergeAdapter(await folderFiles(adapter), { files, tensors: model.tensors }, (done, total) =>
    onProgress({ stage: 'merge', step: 'tensors', done: done / total }),
  )
  await writeCopy({ folder, files, tensors: model.tensors }, edits, out)
  const changed = [...edits.keys()]
  const text = table([
    ['merged', `${adapter} into ${folder}: ${out}`],
    ['changed', `${changed.length} tensors`],
  ])
  return { text, json: { out, changed }, yes: true }
}

import { basename, dirname } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { formatSeconds } from '../../lib/format/moments'
import { folderFiles } from '../../lib/inference/node/folder'
import type { NamedBytes } from '../../lib/weights/bytes'
import { type Delta, decodeDelta } from '../../lib/weights/copy/delta'
import { assertFreeFolder, writeCopy } from './copy-folder'
import { weightEntries } from './delta'
import { openModelFolder } from './open-model-folder'
import { type CommandResult, required, type Values } from './options'
import { table } from './table'

/** Writes a copy’s complete folder from its delta and its base. Delta and base are checked against their hashes. */
export async function assemble(path: string, folder: string, values: Values): Promise<CommandResult> {
  const out = required(values, 'out')
  await assertFreeFolder(out)
  const started = performance.now()
  const delta = await decodeDelta(await openFile(path))
  const { files, model } = await openModelFolder(folder)
  await assertBase(delta, folder, files)
  for (const tensor of delta.edits.keys())
    if (!model.tensors.has(tensor)) throw new KinmarkError('cli.delta-tensor-unknown', { delta: path, tensor, folder })
  await writeCopy({ folder, files, tensors: model.tensors }, delta.edits, out)
  const seconds = (performance.now() - started) / 1000
  const editedTensors = [...delta.edits.keys()]
  const text = table([
    ['assembled', `${out}, from ${path} and ${folder}`],
    ['edited', editedTensors.join(', ')],
    ['time', formatSeconds(seconds)],
  ])
  return { text, json: { out, editedTensors, seconds }, yes: true }
}

async function openFile(path: string): Promise<NamedBytes> {
  const file = (await folderFiles(dirname(path))).find((each) => each.path === basename(path))
  if (!file) throw new KinmarkError('cli.file-unreadable', { path })
  return file
}

async function assertBase({ base }: Delta, folder: string, files: readonly NamedBytes[]): Promise<void> {
  const entries = await weightEntries(files)
  for (const { path, size, sha256 } of base) {
    const own = entries.find((file) => file.path === path)
    if (own?.sha256 === sha256) continue
    throw new KinmarkError('cli.delta-other-base', {
      file: path,
      folder,
      expected: { size, sha256 },
      found: own ? { size: own.size, sha256: own.sha256 } : null,
    })
  }
}

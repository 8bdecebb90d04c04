import { basename, dirname } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { folderFiles } from '../../lib/inference/node/folder'
import type { NamedBytes } from '../../lib/weights/bytes'
import { type Delta, decodeDelta } from '../../lib/weights/copy/delta'
import { assertFreeFolder, writeCopy } from './copy-folder'
import { weightEntries } from './delta'
import { openModelFolder } from './open-model-folder'
import { type Answer, required, type Values } from './options'
import { seconds, table } from './table'

/** The copy's whole folder from its delta and its base; both must be what they were when it was minted. */
export async function assemble([path, folder]: readonly string[], values: Values): Promise<Answer> {
  const out = required(values, 'out')
  await assertFreeFolder(out)
  const started = performance.now()
  const delta = await decodeDelta(await fileAt(path))
  const { files, model } = await openModelFolder(folder)
  await assertBase(delta, folder, files)
  for (const name of delta.edits.keys())
    if (!model.tensors.has(name))
      throw new KinmarkError('cli.delta-tensor-unknown', { delta: path, tensor: name, folder })
  await writeCopy({ folder, files, tensors: model.tensors }, delta.edits, out)
  const took = (performance.now() - started) / 1000
  const edited = [...delta.edits.keys()]
  const text = table([
    ['assembled', `${out}, from ${path} over ${folder}`],
    ['edited', edited.join(', ')],
    ['time', seconds(took)],
  ])
  return { text, json: { out, editedTensors: edited, seconds: took }, yes: true }
}

async function fileAt(path: string): Promise<NamedBytes> {
  const file = (await folderFiles(dirname(path))).find((each) => each.path === basename(path))
  if (!file) throw new KinmarkError('cli.file-unreadable', { path })
  return file
}

async function assertBase({ base }: Delta, folder: string, files: readonly NamedBytes[]): Promise<void> {
  const found = await weightEntries(files)
  for (const { path, size, sha256 } of base) {
    const own = found.find((file) => file.path === path)
    if (own?.sha256 === sha256) continue
    throw new KinmarkError('cli.delta-other-base', {
      file: path,
      folder,
      expected: { size, sha256 },
      found: own ? { size: own.size, sha256: own.sha256 } : null,
    })
  }
}

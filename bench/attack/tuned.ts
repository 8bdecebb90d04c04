import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCopy } from '../../bin/kinmark/copy-folder'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { Runtime } from '../../lib/inference/runtime'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import { fromFloat32 } from '../../lib/weights/dtype/float32'
import type { Model } from '../../lib/weights/inspect-model'
import { type Reference, tuneFolder } from './tune'
import type { Weights } from './weights'

/** A copy fine-tuned with gradients by the reference: 100 steps of AdamW at `rate` on its text. */
export async function tuned<T>(
  base: { folder: string; model: Model; dtype: WeightDtype },
  weights: Weights,
  reference: Reference,
  rate: number,
  use: (suspect: Runtime) => Promise<T>,
): Promise<T> {
  const work = await mkdtemp(join(tmpdir(), 'kinmark-tune-'))
  try {
    const edits = new Map([...weights].map(([name, data]) => [name, fromFloat32(data, base.dtype)]))
    const source = { folder: base.folder, files: await folderFiles(base.folder), tensors: base.model.tensors }
    await writeCopy(source, edits, join(work, 'copy'))
    await tuneFolder(reference, join(work, 'copy'), join(work, 'tuned'), rate)
    const suspect = await openNodeRuntime(join(work, 'tuned'), { threads: 1 })
    try {
      return await use(suspect)
    } finally {
      await suspect.close()
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

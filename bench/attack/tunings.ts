import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCopy } from '../../bin/kinmark/copy-folder'
import { batchOf } from '../../lib/fingerprint/keys/batch'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { Matmul, Runtime } from '../../lib/inference/runtime'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import { fromFloat32 } from '../../lib/weights/dtype/float32'
import type { Model } from '../../lib/weights/inspect-model'
import type { Weights as Every } from '../../test/train/llama'
import { readWeights } from '../../test/train/read-weights'
import { type Tuning, tune } from '../../test/train/tune'
import type { Weights } from './weights'

const batch = { rows: 4, length: 65 }

/** Every optimizer at three strengths, gentlest first. */
export function tunings(steps: number): { name: string; tuning: Tuning }[] {
  const rates: [string, Tuning['optimizer'], number[], number?][] = [
    ['AdamW', 'AdamW', [3e-5, 1e-4, 5e-4]],
    ['SGD', 'SGD', [3e-3, 1e-2, 3e-2]],
    ['Lion', 'Lion', [1e-5, 3e-5, 1e-4]],
    ['LoRA of rank 8', 'AdamW', [3e-4, 1e-3, 3e-3], 8],
  ]
  return rates.flatMap(([name, optimizer, all, rank]) =>
    all.map((rate) => ({ name: `${name}, ${steps} steps at ${rate}`, tuning: { optimizer, rate, steps, rank } })),
  )
}

type Subject = { folder: string; model: Model; dtype: WeightDtype; matmul: Matmul }

/** A copy tuned on the tokens of another text, opened from a folder of its own. */
export async function tuned<T>(
  { folder, model, dtype, matmul }: Subject,
  copy: Weights,
  tokens: ArrayLike<number>,
  tuning: Tuning,
  use: (suspect: Runtime) => Promise<T>,
): Promise<T> {
  const weights = await readWeights(await folderFiles(folder), model.tensors)
  for (const [name, data] of copy) weights.set(name, { ...weights.get(name)!, data })
  return opened({ folder, model, dtype }, await tunedOn({ model, matmul }, weights, tokens, tuning), use)
}

/** The weights after a tuning on pieces of a text, four at a time. */
export function tunedOn(
  { model, matmul }: Pick<Subject, 'model' | 'matmul'>,
  weights: Every,
  tokens: ArrayLike<number>,
  tuning: Tuning,
): Promise<Every> {
  const random = seededRandom(new Uint8Array(16).fill(23))
  const all = Array.from(tokens)
  const next = () => ({
    batch: batchOf(
      Array.from({ length: batch.rows }, () => {
        const from = Math.floor(random() * (all.length - batch.length))
        return all.slice(from, from + batch.length)
      }),
    ),
  })
  return tune({ matmul, config: model.config }, weights, tuning, next, random)
}

/** Opens a model with these weights, rounded to the files' type. */
async function opened<T>(
  { folder, model, dtype }: Omit<Subject, 'matmul'>,
  weights: Every,
  use: (suspect: Runtime) => Promise<T>,
): Promise<T> {
  const work = await mkdtemp(join(tmpdir(), 'kinmark-tune-'))
  try {
    await writeTuned({ folder, model, dtype }, weights, join(work, 'tuned'))
    const suspect = await openNodeRuntime(join(work, 'tuned'), {
      threads: 1,
      editable: [...model.tensors.values()]
        .filter(({ shape }) => shape.length === 2)
        .map(({ name }) => name)
        .filter((name) => name.endsWith('down_proj.weight')),
    })
    try {
      return await use(suspect)
    } finally {
      await suspect.close()
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Writes a model's folder with these weights, rounded to the files' type. */
export async function writeTuned(
  { folder, model, dtype }: Omit<Subject, 'matmul'>,
  weights: Every,
  into: string,
): Promise<void> {
  const edits = new Map([...weights].map(([name, { data }]) => [name, fromFloat32(data, dtype)]))
  await writeCopy({ folder, files: await folderFiles(folder), tensors: model.tensors }, edits, into)
}

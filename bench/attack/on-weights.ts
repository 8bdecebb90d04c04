import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCopy } from '../../bin/kinmark/copy-folder'
import { sampleText } from '../../lib/fingerprint/keys/sample'
import { mint } from '../../lib/fingerprint/mint'
import { meanLoss } from '../../lib/fingerprint/quality/quality-loss'
import type { Random } from '../../lib/fingerprint/stats/random'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { Edits, Runtime } from '../../lib/inference/runtime'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import { buyers, type Marked, openMarked, withEdits } from '../marked/open-marked'
import type { MarkedCopy } from './marked-copy'
import { type Reference, tuneBlindly, tuneFolder } from './tune'
import { blur, type MatrixAttack, prune, quantise, towards } from './weights'

/** The attacked model; `close` releases it and its files. */
type Attacked = { suspect: Runtime; close(): Promise<void> }
export type WeightAttack = { name: string; run(copy: MarkedCopy, random: Random): Promise<Attacked> }

type Target = { marked: Marked; child: Runtime; matrices: readonly string[]; reference: Reference | null }

export function weightAttacks(target: Target): WeightAttack[] {
  const { marked, child, reference } = target
  const every = (name: string, change: MatrixAttack | ReturnType<typeof towards>) => ({
    name,
    run: onEvery(target, change),
  })
  return [
    every('int8', quantise(8)),
    every('int4, groups of 32', quantise(4, 32)),
    every('int4, one scale per row', quantise(4)),
    ...[0.1, 0.3, 0.5].map((share) => every(`${100 * share} % pruned`, prune(share))),
    ...[0.05, 0.1, 0.2].map((part) => every(`${100 * part} % noise in every matrix`, blur(part))),
    ...[0.25, 0.5].map((part) =>
      every(
        `merged with the base, ${100 * part} %`,
        towards((name) => marked.runtime.tensor(name), part),
      ),
    ),
    ...[0.25, 0.5].map((part) =>
      every(
        `merged with a fine-tuned child, ${100 * part} %`,
        towards((name) => child.tensor(name), part),
      ),
    ),
    { name: 'tuned without gradients', run: tunedBlindly(target) },
    ...(reference
      ? [1e-4, 5e-4].map((rate) => ({ name: `fine-tuned, 100 steps at ${rate}`, run: tuned(marked, reference, rate) }))
      : []),
    { name: 'fingerprinted again by the attacker', run: markedAgain(marked) },
  ]
}

function onEvery({ marked: { runtime }, matrices }: Target, change: MatrixAttack | ReturnType<typeof towards>) {
  return async (copy: MarkedCopy, random: Random): Promise<Attacked> => {
    const edits = new Map<string, Float32Array>()
    for (const name of matrices) {
      const base = await runtime.tensor(name)
      edits.set(name, await change({ ...base, data: copy.edits.get(name) ?? base.data }, random, name))
    }
    return inPlace(runtime, edits)
  }
}

const textOfChild = { rows: 16, length: 64 }

function tunedBlindly({ marked: { runtime, preparation }, child, matrices }: Target) {
  return async (copy: MarkedCopy, random: Random): Promise<Attacked> => {
    const text = await sampleText(child, preparation.secret, 'null models', textOfChild.rows, textOfChild.length)
    return inPlace(runtime, await tuneBlindly(runtime, copy.edits, matrices, text, random))
  }
}

function tuned(marked: Marked, reference: Reference, rate: number) {
  return async (copy: MarkedCopy): Promise<Attacked> => {
    const work = await mkdtemp(join(tmpdir(), 'kinmark-tune-'))
    try {
      await writeFolder(marked, copy, join(work, 'copy'))
      await tuneFolder(reference, join(work, 'copy'), join(work, 'tuned'), rate)
      return opened(await openNodeRuntime(join(work, 'tuned')), work)
    } catch (error) {
      await rm(work, { recursive: true, force: true })
      throw error
    }
  }
}

/** The attacker prepares the copy like a base and mints on top of it. */
function markedAgain(marked: Marked) {
  return async (copy: MarkedCopy): Promise<Attacked> => {
    const work = await mkdtemp(join(tmpdir(), 'kinmark-again-'))
    await writeFolder(marked, copy, join(work, 'copy'))
    const attacker = await openMarked(join(work, 'copy'), marked.preparation.keys.rows, 'attacker')
    const { edits } = await mint(attacker.runtime, attacker.preparation, { ...buyers(1)[0], dtype: attacker.dtype })
    const edits32 = new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, attacker.dtype)]))
    return opened(withEdits(attacker.runtime, edits32), work)
  }
}

async function writeFolder({ folder, model }: Marked, { bytes }: MarkedCopy, out: string): Promise<void> {
  await writeCopy({ folder, files: await folderFiles(folder), tensors: model.tensors }, bytes, out)
}

function inPlace(runtime: Runtime, edits: Edits): Attacked {
  return { suspect: withEdits(runtime, edits), close: async () => undefined }
}

function opened(suspect: Runtime, work: string): Attacked {
  return {
    suspect,
    close: async () => {
      await suspect.close()
      await rm(work, { recursive: true, force: true })
    },
  }
}

/** Loss that the attack itself causes, nats per token, on text from the model. */
export async function priceOf(suspect: Runtime, { preparation }: Marked, copy: MarkedCopy): Promise<number> {
  return (await meanLoss(suspect, preparation.heldOut)) - preparation.baseLoss - copy.deltaLoss
}

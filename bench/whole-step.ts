import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDelta } from '../bin/kinmark/delta'
import { sealedStages } from '../bin/minter/stages'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import { decodePreparation, encodePreparation } from '../lib/fingerprint/format/preparation'
import { ownerKeySet } from '../lib/fingerprint/keyset/owner-key-set'
import { mint } from '../lib/fingerprint/mint'
import { prepare } from '../lib/fingerprint/prepare'
import { trace } from '../lib/fingerprint/trace'
import { askKeys, votesAndLogOdds } from '../lib/fingerprint/verify'
import { folderFiles } from '../lib/inference/node/folder'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { assemble, copySegments } from '../lib/weights/copy/assemble'
import { decodeDelta } from '../lib/weights/copy/delta'

/** One step of a model's way from preparing to verifying, in a process of its own: `STEP FOLDER WORK KEYS`. Prints JSON. */

const [step, folder, work, keys] = process.argv.slice(2)
const secret = new Uint8Array(32).fill(1)
/** Random weights are no reason to stop. */
const limits = { agreement: 0, int8: 0, int4: 0, deltaLoss: Infinity, kl: Infinity }
const copy = { copyId: '1', buyerSeed: secret }
const [prepared, delta] = [join(work, 'preparation'), join(work, 'copy.safetensors')]

const steps: Record<string, () => Promise<object>> = {
  async prepare() {
    const { layers, open } = await openForFingerprinting(folder, defaultLayers)
    const runtime = await open()
    const store = sealedStages(join(work, 'stages'), secret, { keys })
    const onProgress = ({ step, done }: { step: string; done: number }) => console.error(`${step} ${done.toFixed(3)}`)
    const preparation = await prepare(runtime, { secret, keys: Number(keys), layers, limits, store, onProgress })
    await runtime.close()
    const bytes = encodePreparation(preparation)
    await writeFile(prepared, bytes)
    const { seconds, pilot, margins } = preparation
    return { bytes: bytes.length, steps: seconds, pilot, margin: margins[0] }
  },
  async mint() {
    const { files, model, dtype, open } = await openForFingerprinting(folder, defaultLayers)
    const preparation = decodePreparation(await readFile(prepared))
    const runtime = await open()
    const { edits, report } = await mint(runtime, preparation, { ...copy, dtype, limits })
    await runtime.close()
    await writeDelta({ files, tensors: model.tensors }, edits, delta)
    const bytes = [...edits.values()].reduce((sum, { length }) => sum + length, 0)
    return { bytes, ...report }
  },
  async delta() {
    const files = await folderFiles(folder)
    const { model } = await openForFingerprinting(folder, defaultLayers)
    const [file] = (await folderFiles(work)).filter(({ path }) => path === 'copy.safetensors')
    const { edits } = await decodeDelta(file)
    const base = files.find(({ path }) => path === 'model.safetensors')
    if (!base) throw new Error('There is no model.safetensors.')
    await writeFile(
      join(work, 'copy', 'model.safetensors'),
      assemble(copySegments(base.bytes.byteLength, model.tensors.values(), edits), base.bytes, edits),
    )
    await writeFile(join(work, 'copy', 'config.json'), await readFile(join(folder, 'config.json')))
    return { bytes: file.bytes.byteLength }
  },
  async verify() {
    const preparation = decodePreparation(await readFile(prepared))
    const suspect = await openNodeRuntime(join(work, 'copy'))
    const answers = await askKeys(suspect, ownerKeySet(preparation))
    await suspect.close()
    const books = Array.from({ length: 1000 }, (_, i) => ({ copyId: `${i + 1}`, buyerSeed: secret }))
    const { accused } = trace(preparation, books, votesAndLogOdds(answers))
    return { named: accused.map(({ copyId }) => copyId) }
  },
}

console.log(JSON.stringify(await steps[step]()))

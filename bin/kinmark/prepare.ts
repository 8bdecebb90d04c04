import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { KinmarkError } from '../../lib/error'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import { folderContexts } from '../../lib/fingerprint/keys/prompt-contexts'
import { prepare as prepareModel } from '../../lib/fingerprint/prepare'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { type Answer, bytes32, layersOf, numberOf, required, targetProbabilitiesFrom, type Values } from './options'
import { assertNoPrep, writePrep } from './prep-folder'
import { percent, seconds, signed, table } from './table'

export async function prepare(folder: string, values: Values, watch: ProgressOptions): Promise<Answer> {
  const out = required(values, 'out')
  const [keys, targetProbabilities] = [numberOf(values, 'keys') ?? 128, targetProbabilitiesFrom(values)]
  await assertNoPrep(out)
  const secret = values.secret === undefined ? Uint8Array.from(randomBytes(32)) : await secretFrom(values.secret)
  const given = layersOf(values)
  const { files, layers, open } = await openForFingerprinting(folder, (depth) => given ?? defaultLayers(depth))
  const runtime = await open()
  try {
    const preparation = await prepareModel(runtime, {
      secret,
      keys,
      targetProbabilities,
      layers,
      contexts: await folderContexts(files),
      ...watch,
    })
    await writePrep(out, preparation, values.secret === undefined)
    const { nullRate, pilot, seconds: steps, targetProbabilities: chosen } = preparation
    const total = Object.values(steps).reduce((a, b) => a + b, 0)
    const text = table([
      ['prepared', `${keys} keys for layers ${layers.join(', ')} in ${out}`],
      [
        'pilot copy',
        `answers ${percent(pilot.success)}, loss ${signed(pilot.deltaLoss)}, target probabilities ${chosen.high} and ${chosen.low}`,
      ],
      ['null rate', `at most ${percent(nullRate)} of keys answered by a model never marked`],
      ['time', seconds(total)],
      ...Object.entries(steps).map(([step, took]) => [`  ${step}`, seconds(took)] as const),
    ])
    return {
      text,
      json: { out, keys, layers, targetProbabilities: chosen, nullRate, pilot, seconds: steps },
      yes: true,
    }
  } finally {
    await runtime.close()
  }
}

async function secretFrom(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  return bytes32(text, file)
}

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { KinmarkError } from '../../lib/error'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import { folderContexts } from '../../lib/fingerprint/keys/prompt-contexts'
import { prepare as prepareModel } from '../../lib/fingerprint/prepare'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { formatSigned } from '../../lib/format/numbers'
import { formatPercent, roundedPercent } from '../../lib/format/odds'
import { formatSeconds } from '../../lib/format/times'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import {
  bytes32,
  type CommandResult,
  layersOf,
  numberOf,
  required,
  targetProbabilitiesFrom,
  type Values,
} from './options'
import { assertNoPrep, writePrep } from './prep-folder'
import { table } from './table'

export async function prepare(folder: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const out = required(values, 'out')
  const [keys, targetProbabilities] = [numberOf(values, 'keys') ?? 128, targetProbabilitiesFrom(values)]
  await assertNoPrep(out)
  const secret = values.secret === undefined ? Uint8Array.from(randomBytes(32)) : await readSecret(values.secret)
  const requested = layersOf(values)
  const { files, layers, open } = await openForFingerprinting(folder, (depth) => requested ?? defaultLayers(depth))
  const runtime = await open()
  try {
    const contexts = await folderContexts(files)
    const preparation = await prepareModel(runtime, { secret, keys, targetProbabilities, layers, contexts, ...options })
    await writePrep(out, preparation, values.secret === undefined)
    const { nullRate, pilot, seconds, targetProbabilities: reached } = preparation
    const total = Object.values(seconds).reduce((a, b) => a + b, 0)
    const text = table([
      ['prepared', `${keys} keys for layers ${layers.join(', ')} in ${out}`],
      ['targets', `probability ${reached.high} for high-confidence keys, ${reached.low} for low-confidence keys`],
      ['pilot copy', `${formatPercent(pilot.success)} of the keys answered, loss ${formatSigned(pilot.deltaLoss, 3)}`],
      ['null rate', `an unmarked model answers at most ${roundedPercent(nullRate)} of the keys with a candidate`],
      ['time', formatSeconds(total)],
      ...Object.entries(seconds).map(([step, time]) => [`  ${step}`, formatSeconds(time)] as const),
    ])
    return { text, json: { out, keys, layers, targetProbabilities: reached, nullRate, pilot, seconds }, yes: true }
  } finally {
    await runtime.close()
  }
}

async function readSecret(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  return bytes32(text, file)
}

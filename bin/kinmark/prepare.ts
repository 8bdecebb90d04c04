import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import { openChatFrame } from '../../lib/fingerprint/keys/chat-frame'
import { prepare as prepareModel } from '../../lib/fingerprint/prepare'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { formatSeconds } from '../../lib/format/moments'
import { formatSigned } from '../../lib/format/numbers'
import { formatPercent } from '../../lib/format/odds'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { sealedStages } from '../minter/stages'
import { weightEntries } from './delta'
import { bytes32, type CommandResult, layersOf, numberOf, required, type Values } from './options'
import { assertNoPrep, ownSecret, writePrep } from './prep-folder'
import { table } from './table'

/** A preparation that was stopped goes on where it was when it is begun again with the same options. */
export async function prepare(folder: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const out = required(values, 'out')
  const keys = numberOf(values, 'keys')
  await assertNoPrep(out)
  const requested = layersOf(values)
  const { files, layers, open } = await openForFingerprinting(folder, (depth) => requested ?? defaultLayers(depth))
  const secret = values.secret === undefined ? await ownSecret(out) : await readSecret(values.secret)
  const folderOfStages = join(out, 'stages')
  const stages = sealedStages(folderOfStages, secret, { keys, layers, files: await weightEntries(files) })
  const runtime = await open()
  try {
    const tokenizer = await openTokenizer(files)
    const chat = await openChatFrame(files, tokenizer)
    const preparation = await prepareModel(runtime, {
      ...{ secret, keys, layers, tokenizer, chat, store: stages },
      ...options,
    })
    await writePrep(out, preparation)
    await rm(folderOfStages, { recursive: true, force: true })
    const { pilot, seconds } = preparation
    const margin = preparation.margins[0]
    const total = Object.values(seconds).reduce((a, b) => a + b, 0)
    const text = table([
      ['prepared', `${preparation.keys.gaps.length} keys for layers ${layers.join(', ')} in ${out}`],
      ['margin', `${margin.toFixed(2)} nats between a key’s two answers`],
      [
        'pilot copies',
        `${formatPercent(pilot.agreement)} of the keys lean as their bits say, loss ${formatSigned(pilot.deltaLoss, 3)}`,
      ],
      ['time', formatSeconds(total)],
      ...Object.entries(seconds).map(([step, time]) => [`  ${step}`, formatSeconds(time)] as const),
    ])
    return { text, json: { out, keys: preparation.keys.gaps.length, layers, margin, pilot, seconds }, yes: true }
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

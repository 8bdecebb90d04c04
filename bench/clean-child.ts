import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { WeightDtype } from '../lib/weights/dtype/dtype'
import { inspectModel } from '../lib/weights/inspect-model'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { readWeights } from '../test/train/read-weights'
import { tunedOn, writeTuned } from './attack/tunings'

/** A child of a model's unmarked weights, tuned on a text with AdamW: what a thief splices into a copy. */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/quill' },
    text: { type: 'string' },
    /** A new folder for the child. */
    out: { type: 'string' },
    steps: { type: 'string', default: '120' },
    rate: { type: 'string', default: '0.0003' },
  },
})
if (!given.text || !given.out) throw new Error('--text is a file to tune on; --out is a folder to be made.')
const files = await folderFiles(given.folder)
const model = await inspectModel(files)
const tokenizer = await openTokenizer(files)
if (!tokenizer) throw new Error(`“${given.folder}” has no tokenizer.`)
const dtype = model.tensors.values().next().value?.dtype as WeightDtype
const runtime = await openNodeRuntime(given.folder)
const tuning = { optimizer: 'AdamW', rate: Number(given.rate), steps: Number(given.steps) } as const
const tokens = tokenizer.encode(await readFile(given.text, 'latin1'))
const weights = await tunedOn(
  { model, matmul: runtime.matmul },
  await readWeights(files, model.tensors),
  tokens,
  tuning,
)
await writeTuned({ folder: given.folder, model, dtype }, weights, given.out)
await runtime.close()
console.log(`${given.out}: ${given.folder} after ${given.steps} steps of AdamW at ${given.rate} on ${given.text}`)

import { parseArgs } from 'node:util'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { formatSigned } from '../lib/format/numbers'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { FingerprintRuntime } from '../lib/inference/runtime'
import type { WeightDtype } from '../lib/weights/dtype/dtype'
import { inspectModel } from '../lib/weights/inspect-model'
import { layerMatrices } from '../lib/weights/layer-matrices'
import { greedy } from './attack/answering'
import { average } from './attack/combine-weights'
import { type Method, nearTies } from './attack/methods'
import { lossOn } from './attack/price'
import { onEach, type Weights } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/**
 * Measures how well a buyer's copy is still named after it was joined with weights that everybody can load: those of a child of the model, clean
 * or as visitors load them, and the visitors' copy of the model itself. Each suspect is judged by the keys of both models.
 */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/tiny' },
    child: { type: 'string', default: 'public/models/tiny-shakespeare' },
    /** Number of keys; by default as many as the model's width asks for. */
    keys: { type: 'string' },
    /** Keys of the child’s pool: the child is tuned and holds fewer than its parent. */
    'child-keys': { type: 'string', default: '1024' },
    books: { type: 'string', default: '10000' },
    /** Files that the preparations are kept in, for the next run with the same options. */
    kept: { type: 'string' },
    'kept-child': { type: 'string' },
  },
})
const [parent, child] = [await open(given.folder), await open(given.child)]
const { downProj } = parent.runtime.shape
const [childKeys, books] = [Number(given['child-keys']), Number(given.books)]
const keys = given.keys ? Number(given.keys) : undefined
const ofParent = await nearTies(parent, { keys, books, copies: 2, kept: given.kept })
const ofChild = await nearTies(child, { keys: childKeys, books, copies: 1, kept: given['kept-child'] })
/** A buyer's copy, the model's copy for visitors, and the child's. */
const [bought, visitors, childs] = [...ofParent.copies, ...ofChild.copies]

const later = downProj.slice(1)
const loss = lossOn(await sampleText(parent.runtime, new Uint8Array(32).fill(20), 'held-out', 48, 96))
const own = (await loss(withEdits(parent.runtime, bought))).all
const clean = await onEach(child.runtime, new Map(), downProj, async (w) => w)
const suspects: [string, Weights][] = [
  ['the copy', bought],
  ['a clean child’s down_proj', clean],
  ['the down_proj of the child’s copy for visitors', childs],
  ['the same, layers 1 and later', taken(bought, childs, later)],
  ['merged with the child’s copy for visitors, 50 %', average([bought, childs])],
  ['the down_proj of the model’s own copy for visitors', visitors],
  ['merged with the model’s own copy for visitors, 50 %', average([bought, visitors])],
]
const rows: (string | number)[][] = []
for (const [name, weights] of suspects) {
  const suspect = withEdits(parent.runtime, weights)
  const judged = async (method: Method, copy: number) => {
    const { nats, named } = await method.judge(suspect, greedy, [copy])
    const weighed = await method.weigh?.(
      async (layer) => {
        const tensor = await parent.runtime.tensor(downProj[layer])
        return { ...tensor, data: weights.get(downProj[layer]) ?? tensor.data }
      },
      [copy],
    )
    return [
      `${(nats ?? 0).toFixed(0)}${named ? ', named' : ''}`,
      `${(weighed?.nats ?? 0).toFixed(0)}${weighed?.named ? ', named' : ''}`,
    ]
  }
  const price = formatSigned((await loss(suspect)).all - own, 3)
  rows.push([
    name,
    price,
    ...(await judged(ofParent, 0)),
    ...(await judged(ofParent, 1)),
    ...(await judged(ofChild, 0)),
  ])
  console.error(rows[rows.length - 1].join(' | '))
}
await parent.runtime.close()
await child.runtime.close()
console.log(
  `${provenance()} ${ofParent.preparation.keys.gaps.length} keys of the model, ${childKeys} of its child, ${books} copies on the books of each.\n`,
)
const nats = ['the buyer’s copy', 'the model’s copy for visitors', 'the child’s copy for visitors']
console.log(tableOf(['suspect', 'price', ...nats.flatMap((who) => [`${who}: answers`, 'weights'])], rows))

async function open(folder: string): Promise<{ runtime: FingerprintRuntime; dtype: WeightDtype }> {
  const model = await inspectModel(await folderFiles(folder))
  const editable = layerMatrices(model.tensors)
  const runtime = await keepSessions(() => openNodeRuntime(folder, { editable, threads: 1 }))
  return { runtime, dtype: model.tensors.get(runtime.shape.downProj[0])?.dtype as WeightDtype }
}

/** The first weights with these tensors of the others. */
function taken(weights: Weights, from: Weights, names: readonly string[]): Weights {
  return new Map([...weights].map(([name, data]) => [name, names.includes(name) ? (from.get(name) ?? data) : data]))
}

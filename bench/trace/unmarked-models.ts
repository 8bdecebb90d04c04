import { modelSecret } from '../../lib/fingerprint/code/secrets'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import { prepare } from '../../lib/fingerprint/prepare'
import { binomialTail } from '../../lib/fingerprint/stats/binomial'
import { falsePositiveRate, verify } from '../../lib/fingerprint/verify'
import { roundedPercent } from '../../lib/format/odds'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { layerMatrices, type Marked, withEdits } from '../marked/open-marked'
import { tableOf } from '../marked/print'
import { unmarkedModel } from './unmarked-model'

/** Verdicts on `count` models that were never marked with these keys, and the predicted rate of false verdicts. */
export async function unmarkedModels(marked: Marked, keySet: OwnerKeySet, count: number): Promise<string> {
  const { runtime, preparation } = marked
  const matrices = layerMatrices(marked.model)
  const child = await openNodeRuntime('public/models/tiny-shakespeare', { editable: matrices, threads: 1 })
  const other = await prepare(runtime, {
    secret: modelSecret(new Uint8Array(32), 'bench:trace others'),
    keys: preparation.keys.rows,
  })
  const seen = new Map<string, { models: number; most: number; sum: number; ours: number; named: number }>()
  let tested = 0
  for (let n = 0; n < count; n++) {
    const { kind, subject, edits } = await unmarkedModel({ base: runtime, child, matrices, other }, n)
    const verdict = await verify(withEdits(subject, edits), keySet)
    tested = verdict.tested
    const row = seen.get(kind) ?? { models: 0, most: 0, sum: 0, ours: 0, named: 0 }
    seen.set(kind, {
      models: row.models + 1,
      most: Math.max(row.most, verdict.hits),
      sum: row.sum + verdict.hits / tested,
      ours: row.ours + Number(verdict.ours),
      named: row.named + verdict.accused.length,
    })
  }
  await child.close()
  let needed = 0
  while (needed <= tested && binomialTail(needed, tested, keySet.nullRate) > falsePositiveRate) needed++
  const predicted = binomialTail(needed, tested, keySet.nullRate)
  const rows = [...seen].map(([kind, { models, most, sum, ours, named }]) => [
    ...[kind, models, roundedPercent(sum / models), `${most} of ${tested}`, ours, named],
  ])
  return `
## Unmarked models

${tableOf(['kind', 'models', 'mean hit rate', 'most hits', 'verdicts “ours”', 'copies named'], rows)}

The verdict “ours” needs ${needed} hits. At the null rate (${roundedPercent(keySet.nullRate)} per key, an upper bound) an unmarked model reaches them with probability ${predicted.toExponential(1)}; in ${count} models, ${(count * predicted).toExponential(1)} false verdicts are predicted.`
}

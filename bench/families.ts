import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { randomModel } from '../test/reference/random-model'
import { recipes } from '../test/reference/recipes'

/**
 * Prints the worst difference between the logits of onnxruntime-node and of the float64 reference for a random model of
 * each family, or of those whose names begin with the argument. The same for a page: `npm run test:browser -- --reporter=json`, annotation “worst difference”.
 */

const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]

const [beginning = ''] = process.argv.slice(2)
for (const [name, recipe] of Object.entries(recipes)) {
  if (!name.startsWith(beginning)) continue
  const { files, weights } = randomModel(recipe, 'F16')
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of files) await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  const { logits } = await runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
  await runtime.close()
  await rm(folder, { recursive: true })
  const expected = recipe.forward(recipe.config, weights, ids).logits.at(-1) ?? []
  const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - logits.data[i])), 0)
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  console.log(`${name}\t${worst.toExponential(1)}\t${largest.toFixed(1)}`)
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { familyGguf, ggufRecipes } from '../../../test/fixtures/gguf-families'
import { openNodeRuntime } from './open-node-runtime'

const ids = [3, 14, 15, 92, 65, 35, 89, 79]

test.each(ggufRecipes)('behavior: %s as GGUF has the logits of the reference', async (...row) => {
  const { recipe, weights, file } = await familyGguf(...row)
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  const { bytes } = file
  await writeFile(join(folder, 'model.gguf'), await bytes.slice(0, bytes.byteLength))
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  try {
    const { logits } = await runtime.run({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, ['logits'])
    const expected = recipe.forward(recipe.config, weights, ids).logits.at(-1) ?? []
    const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - logits.data[i])), 0)
    expect(worst).toBeLessThan(1e-3)
  } finally {
    await runtime.close()
    await rm(folder, { recursive: true })
  }
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { NamedBytes } from '../weights/bytes'
import { openNodeRuntime } from './open-node-runtime'
import { randomModel } from './reference/random-model'
import { recipes } from './reference/recipes'
import type { Matrix, Runtime, TokenBatch } from './runtime'

const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]
const batch: TokenBatch = { ids: Int32Array.from(ids), rows: 1, length: ids.length }

async function opened<T>(files: readonly NamedBytes[], use: (runtime: Runtime) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of files) await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  const runtime = await openNodeRuntime(folder, { threads: 1 })
  try {
    return await use(runtime)
  } finally {
    await runtime.close()
    await rm(folder, { recursive: true })
  }
}

const worst = ({ data }: Matrix, expected: readonly number[]) => {
  expect(data.length).toBe(expected.length)
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - data[i])), 0)
}

test.each(Object.keys(recipes))('behavior: %s answers as its description says', async (name) => {
  for (const [dtype, tolerance] of [
    ['F32', 1e-3],
    ['F16', 2e-2],
  ] as const) {
    const { config, forward } = recipes[name]
    const { files, weights } = randomModel(recipes[name], dtype)
    const { logits, residuals, zs } = forward(config, weights, ids)
    await opened(files, async (runtime) => {
      const out = await runtime.run(batch, ['logits', 'residuals', 'zs.1', 'z.2'])
      expect(Math.max(...out.logits.data.map(Math.abs))).toBeGreaterThan(0.5)
      expect(worst(out.residuals, residuals.flat())).toBeLessThan(tolerance)
      expect(worst(out['zs.1'], zs[1].flat())).toBeLessThan(tolerance)
      expect(worst(out['z.2'], zs[2].at(-1) ?? [])).toBeLessThan(tolerance)
      expect(worst(out.logits, logits.at(-1) ?? [])).toBeLessThan(tolerance)
    })
  }
})

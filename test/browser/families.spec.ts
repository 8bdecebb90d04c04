import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { createViteServer } from 'vitest/node'
import type { WebFile } from '../../lib/inference/web/web-model'
import { randomModel } from '../reference/random-model'
import { recipes } from '../reference/recipes'

/** The runtime by itself, without the app: served as it is to a page that has nothing else. */

const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]
const port = 3219

let server: Awaited<ReturnType<typeof createViteServer>>

test.beforeAll(async () => {
  server = await createViteServer({
    configFile: false,
    appType: 'mpa',
    logLevel: 'error',
    cacheDir: join(tmpdir(), 'kinmark-families'),
    optimizeDeps: { noDiscovery: true },
    server: { port, strictPort: true, hmr: false, watch: null, fs: { strict: false } },
  })
  await server.listen()
})
test.afterAll(() => server.close())

type Answers = { logits: number[]; residuals?: number[]; tokens?: number[] }

const [read, writes] = [6, 4]

/** Opens the files in a worker and asks them: everything in the page. */
async function ask(
  page: Page,
  files: ReturnType<typeof randomModel>['files'],
  { backend, weights = 'F32', whole }: { backend: 'wasm' | 'webgpu'; weights?: 'F32' | 'F16'; whole: boolean },
): Promise<Answers> {
  const sent = await Promise.all(
    files.map(async ({ path, bytes }) => ({
      path,
      base64: Buffer.from(await bytes.slice(0, bytes.byteLength)).toString('base64'),
    })),
  )
  return page.evaluate(
    async ({ sent, backend, weights, ids, read, writes, whole }) => {
      const { openWebRuntime }: typeof import('../../lib/inference/web/open-web-runtime') = await import(
        String('/lib/inference/web/open-web-runtime.ts')
      )
      const { inspectWebFiles }: typeof import('../../lib/inference/web/inspect-web-files') = await import(
        String('/lib/inference/web/inspect-web-files.ts')
      )
      const files: WebFile[] = await Promise.all(
        sent.map(async ({ path, base64 }) => ({
          path,
          file: await (await fetch(`data:application/octet-stream;base64,${base64}`)).blob(),
        })),
      )
      const runtime = await openWebRuntime(await inspectWebFiles(files), { backend, weights })
      const batch = { ids: Int32Array.from(ids), rows: 1, length: ids.length }
      const { logits } = await runtime.run(batch, ['logits'])
      if (!whole) return { logits: [...logits.data] }
      const { residuals } = await runtime.run(batch, ['residuals'])
      const start = { ids: batch.ids.slice(0, read), rows: 1, length: read }
      const best = (logits: Float32Array) => logits.indexOf(Math.max(...logits))
      const tokens = await runtime.generate(start, writes, best)
      return { logits: [...logits.data], residuals: [...residuals.data], tokens: [...tokens.ids] }
    },
    { sent, backend, weights, ids, read, writes, whole },
  )
}

const best = (logits: readonly number[]) => logits.indexOf(Math.max(...logits))

const worst = (a: readonly number[], b: readonly number[]) =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), a.length === b.length ? 0 : Number.POSITIVE_INFINITY)

for (const backend of ['wasm', 'webgpu'] as const)
  for (const [name, recipe] of Object.entries(recipes)) {
    // Shaders take a second each to compile in software, anew for each graph: WebGPU answers for each family once, and
    // is asked for residuals and writing by one.
    if (backend === 'webgpu' && name.includes(',')) continue
    const whole = backend === 'wasm' || name === 'llama'
    test(`behavior: ${name} answers on ${backend} as its description says`, async ({ page }) => {
      const { files, weights } = randomModel(recipe, 'F16')
      const { logits, residuals } = recipe.forward(recipe.config, weights, ids)
      const row = ids.slice(0, read)
      for (let i = 0; i < writes; i++) row.push(best(recipe.forward(recipe.config, weights, row).logits.at(-1) ?? []))
      await page.goto(`http://localhost:${port}/public/models/tiny/config.json`)
      const answers = await ask(page, files, { backend, whole })
      expect(worst(answers.logits, logits.at(-1) ?? [])).toBeLessThan(1e-3)
      if (!whole) return
      expect(worst(answers.residuals ?? [], residuals.flat())).toBeLessThan(1e-3)
      expect(answers.tokens).toEqual(row.slice(read))
      if (backend === 'webgpu') return
      const held = await ask(page, files, { backend, weights: 'F16', whole: false })
      expect(worst(held.logits, logits.at(-1) ?? [])).toBeLessThan(1e-3)
    })
  }

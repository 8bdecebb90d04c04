import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createViteServer } from 'vitest/node'
import type { Asked, Figures } from './ask'

/** One column of `bench:runtime`: a folder as Kinmark runs it in headless Chromium, on WebAssembly with threads. */

const [folder, asked] = process.argv.slice(2)
const { rows, length }: Asked = JSON.parse(asked)
const port = 3218

const server = await createViteServer({
  configFile: false,
  appType: 'mpa',
  logLevel: 'error',
  cacheDir: join(tmpdir(), 'kinmark-bench'),
  optimizeDeps: { noDiscovery: true },
  server: {
    ...{ port, strictPort: true, hmr: false, watch: null, fs: { strict: false } },
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
})
await server.listen()
const system = '/usr/bin/chromium'
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(existsSync(system) ? { executablePath: system } : {}),
})
try {
  const page = await browser.newPage()
  // tsx wraps named functions in this helper of its own, which a page does not have.
  await page.addInitScript({ content: 'globalThis.__name = (named) => named' })
  await page.goto(`http://localhost:${port}/public/models/tiny/config.json`)
  const urls = ['config.json', 'model.safetensors'].map((name) => ({ name, url: `/@fs${join(folder, name)}?url` }))
  process.stdout.write(JSON.stringify(await page.evaluate(askInPage, { urls, rows, length })))
} finally {
  await browser.close()
  await server.close()
}

async function askInPage(settings: {
  urls: { name: string; url: string }[]
  rows: number
  length: number
}): Promise<Figures> {
  const { urls, rows, length } = settings
  const { openWebRuntime }: typeof import('../lib/inference/open-web-runtime') = await import(
    String('/lib/inference/open-web-runtime.ts')
  )
  const files = await Promise.all(urls.map(async ({ name, url }) => ({ name, blob: await (await fetch(url)).blob() })))
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  const opening = performance.now()
  const runtime = await openWebRuntime(files, { backend: 'wasm' })
  const load = performance.now() - opening
  const ids = Int32Array.from({ length: rows * length }, (_, i) => (i * 7919) % runtime.shape.vocab)
  const answer = await timed(() => runtime.run({ ids, rows, length }, ['logits']))
  const { measureUserAgentSpecificMemory: memory } = performance as Performance & {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>
  }
  const peakBytes = (await memory?.call(performance))?.bytes ?? Number.NaN
  const best = (logits: Float32Array) =>
    logits.indexOf(logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY))
  const write = () => runtime.generate({ ids: ids.slice(0, length), rows: 1, length }, 16, best)
  await write()
  const tokens = await timed(write)
  await runtime.close()
  return { load, keysPerSecond: (1000 * rows) / answer, tokensPerSecond: 16_000 / tokens, peakBytes }
}

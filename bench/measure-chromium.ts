import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createViteServer } from 'vitest/node'

/** One column of `bench:runtime`: a folder run by Kinmark or transformers.js in headless Chromium on WebAssembly. */

const [folder, workload, moduleName] = process.argv.slice(2)
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
  args: ['--no-sandbox', '--js-flags=--expose-gc'],
  ...(existsSync(system) ? { executablePath: system } : {}),
})
try {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(`http://localhost:${port}/public/models/tiny/config.json`)
  await page.setContent('<input type="file" multiple>')
  await page.setInputFiles(
    'input',
    moduleName === 'kinmark' ? ['config.json', 'model.safetensors'].map((name) => join(folder, name)) : [],
  )
  const settings = { module: `/bench/pages/${moduleName}.ts`, folder: `/@fs${folder}`, workload: JSON.parse(workload) }
  const figures = await page.evaluate(async ({ module, ...rest }) => (await import(module)).run(rest), settings)
  process.stdout.write(JSON.stringify(figures))
} finally {
  await browser.close()
  await server.close()
}

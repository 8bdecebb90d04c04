import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { createViteServer } from 'vitest/node'
import { chromium as launchOptions } from '../test/chromium'

const port = 3218

/**
 * Runs the function `run` of a module of this repository, given by its path from the root, in a page of headless Chromium.
 * `files` are in the page's file input.
 */
export async function inChromium<T>(module: string, files: readonly string[], argument: unknown): Promise<T> {
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
  const browser = await chromium.launch({ ...launchOptions, args: [...launchOptions.args, '--js-flags=--expose-gc'] })
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => console.error(error))
    await page.goto(`http://localhost:${port}/public/models/tiny/config.json`)
    await page.setContent('<input type="file" multiple>')
    await page.setInputFiles('input', [...files])
    return await page.evaluate(async ({ path, rest }) => (await import(path)).run(rest), {
      path: `/${module}`,
      rest: argument,
    })
  } finally {
    await browser.close()
    await server.close()
  }
}

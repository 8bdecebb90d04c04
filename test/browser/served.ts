import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { createViteServer } from 'vitest/node'

/** Tests in a page of an origin that serves the sources of this project and nothing else. */
export const test = base.extend<object, { origin: string; served: Page }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
    async ({}, use) => {
      const server = await createViteServer({
        configFile: false,
        appType: 'mpa',
        logLevel: 'error',
        cacheDir: join(tmpdir(), 'kinmark-vite'),
        optimizeDeps: { noDiscovery: true },
        server: { port: 0, hmr: false, watch: null, fs: { strict: false } },
      })
      await server.listen()
      await use(server.resolvedUrls?.local[0] ?? '')
      await server.close()
    },
    { scope: 'worker' },
  ],
  served: [
    async ({ browser, origin }, use) => {
      const page = await browser.newPage()
      await page.goto(`${origin}public/models/tiny/config.json`)
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
})

export { expect } from '@playwright/test'

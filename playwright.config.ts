import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { chromium } from './test/chromium'

/** The stories start the whole of Kinmark, on their own ports and in their own folder. */
const port = process.env.KINMARK_E2E_PORT ?? '3210'
const chainPort = process.env.KINMARK_E2E_CHAIN_PORT ?? '8546'
const data = process.env.KINMARK_E2E_DATA ?? join(tmpdir(), 'kinmark-e2e')

process.env.KINMARK_E2E_CHAIN_PORT = chainPort
process.env.KINMARK_E2E_DATA = data

/** These let time pass on the chain, which would end deadlines of the others. `--no-deps` runs one of them alone. */
const timeTravel = /(garbage|hidden-parent|leak|majority)\.spec\.ts|@time/

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/stories',
  globalSetup: './e2e/first-quote.ts',
  workers: 2,
  projects: [
    { name: 'stories', grepInvert: timeTravel },
    { name: 'time', grep: timeTravel, dependencies: ['stories'], workers: 1 },
  ],
  forbidOnly: Boolean(process.env.CI),
  // On a shared machine a browser can stand still for a while. What needed its second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    screenshot: 'only-on-failure',
    // Without pictures of every moment, which made the browser draw a third more.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: chromium,
  },
  webServer: {
    command: 'npm start -- --fresh',
    env: { PORT: port, KINMARK_CHAIN_PORT: chainPort, KINMARK_DATA: data, KINMARK_DEMO_HOST: 'off' },
    wait: { stdout: /Kinmark is at/ },
    timeout: 600_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    reuseExistingServer: false,
  },
})

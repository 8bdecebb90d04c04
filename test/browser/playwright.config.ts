import { defineConfig } from '@playwright/test'
import { chromium } from '../chromium'

/** Tests of libraries in a browser, without the app: `playwright test --config test/browser`. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/browser',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 600_000,
  expect: { timeout: 120_000 },
  reporter: [['list']],
  use: { launchOptions: chromium },
})

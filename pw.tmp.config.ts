import { defineConfig } from '@playwright/test'
import { chromium } from './test/chromium'
export default defineConfig({
  testDir: 'e2e',
  outputDir: '/tmp/cli-results',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: { baseURL: 'http://localhost:9100', viewport: { width: 1280, height: 900 }, launchOptions: chromium },
})

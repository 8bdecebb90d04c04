import { defineConfig } from '@playwright/test'
import { keys, type Place, places, siteOf } from './e2e/place'
import { chromium } from './test/chromium'

/** Those that let time pass on the chain. */
const timeTravel = /(garbage|hidden-parent|leak|majority)\.spec\.ts|@time/

/** The stories start the whole of Kinmark, on its own ports and in its own folder. */
const startedAt = (place: Place) => ({
  command: 'npm start -- --fresh',
  env: {
    PORT: String(place.port),
    KINMARK_CHAIN_PORT: String(place.chainPort),
    KINMARK_DATA: place.data,
    KINMARK_KEYS: String(keys),
    KINMARK_DEMO_HOST: 'off',
  },
  wait: { stdout: /Kinmark is at/ },
  timeout: 600_000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 } as const,
  reuseExistingServer: false,
})

/** Pictures of every page take minutes: only where they are asked for. */
const pictures = process.env.KINMARK_PICTURES ? [] : [/@pictures/]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/stories',
  globalSetup: './e2e/first-quote.ts',
  // One lets time pass, two do the rest: a story waits for pages and blocks as long as it computes.
  workers: 3,
  projects: [
    // One after the other, and begun first: together they take about as long as all others do side by side.
    { name: 'time', grep: timeTravel, workers: 1, use: { baseURL: siteOf(places.time) } },
    { name: 'stories', grepInvert: [timeTravel, ...pictures], use: { baseURL: siteOf(places.stories) } },
  ],
  forbidOnly: Boolean(process.env.CI),
  // On a shared machine a browser can stand still for a while. What needed its second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  // As long as a crowded machine may take for a step. None is measured by its time.
  timeout: 900_000,
  expect: { timeout: 120_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    screenshot: 'only-on-failure',
    // Recording takes a third of the browser’s time, and pictures of every moment another third: in CI only of a second try.
    trace: { mode: process.env.CI ? 'on-first-retry' : 'retain-on-failure', screenshots: false },
    launchOptions: chromium,
    // A spinner takes a tenth of a core in every page that waits.
    contextOptions: { reducedMotion: 'reduce' },
  },
  webServer: [startedAt(places.stories), startedAt(places.time)],
})

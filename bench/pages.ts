import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { parseArgs, promisify } from 'node:util'
import { type Browser, type CDPSession, chromium } from '@playwright/test'
import { chromium as launchOptions } from '../test/chromium'

/**
 * Weighs every page of a running Kinmark (`npm start`) as a visitor without a wallet gets it: compressed bytes of scripts
 * and fonts until the network is idle, measured in Chromium with an empty cache; with --lighthouse also the medians of
 * Lighthouse’s mobile runs (`--runs`), and of as many loads that are really slowed down as `--slowed` says. A limit stands
 * beside every figure.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    lighthouse: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    slowed: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
})
const site = positionals[0] ?? 'http://localhost:3000'

/** Debian’s browser with windows, as people have it. Lighthouse runs in it where it is installed. */
const chrome = '/usr/bin/chromium'
const kB = 1000
const fontLimit = 50 * kB
/** Largest first load of scripts, compressed. */
const scriptLimits = { read: 150 * kB, use: 200 * kB }

/** Each page of app/ with an address that shows it. Those to read weigh less than those to use. */
const pages: Record<string, { path: string; kind: keyof typeof scriptLimits }> = {
  '(read)/page.tsx': { path: '/', kind: 'read' },
  '(read)/models/[id]/page.tsx': { path: '/models/1', kind: 'read' },
  '(read)/developers/page.tsx': { path: '/developers', kind: 'read' },
  '(read)/method/page.tsx': { path: '/method', kind: 'read' },
  '(use)/models/[id]/buy/page.tsx': { path: '/models/1/buy', kind: 'use' },
  '(use)/publish/page.tsx': { path: '/publish', kind: 'use' },
  '(use)/copies/page.tsx': { path: '/copies', kind: 'use' },
  '(use)/copies/[id]/page.tsx': { path: '/copies/1', kind: 'use' },
  '(use)/verify/page.tsx': { path: '/verify', kind: 'use' },
  '(use)/earnings/page.tsx': { path: '/earnings', kind: 'use' },
  '(use)/courts/page.tsx': { path: '/courts', kind: 'use' },
  '(use)/cases/[id]/page.tsx': { path: '/cases/1', kind: 'use' },
  '(use)/hosts/[copy]/[number]/page.tsx': { path: '/hosts/1/1', kind: 'use' },
  '(use)/hosting/page.tsx': { path: '/hosting', kind: 'use' },
  '(use)/hosting/[copy]/[number]/page.tsx': { path: '/hosting/1/1', kind: 'use' },
  '(use)/sessions/page.tsx': { path: '/sessions', kind: 'use' },
  '(use)/tokens/page.tsx': { path: '/tokens', kind: 'use' },
  '(use)/device/page.tsx': { path: '/device', kind: 'use' },
}

type Weight = { script: number; font: number; style: number; requests: number }
type Lighthouse = {
  performance: number
  accessibility: number
  bestPractices: number
  seo: number
  /** The largest paint of loads that are slowed down; null where none was measured. */
  lcpMs: number | null
  simulatedLcpMs: number
  blockingMs: number
  shift: number
}
type Report = {
  categories: Record<string, { score: number }>
  audits: Record<string, { numericValue: number }>
}
type Row = { path: string; scriptLimit: number; fontLimit: number; weight: Weight; lighthouse?: Lighthouse }

async function main(): Promise<void> {
  assertEveryPage()
  const browser = await chromium.launch(launchOptions)
  const rows: Row[] = []
  try {
    for (const { path, kind } of Object.values(pages)) {
      if (values.only && path !== values.only) continue
      const { status } = await fetch(new URL(path, site))
      if (status !== 200) {
        console.error(`${path} answers ${status} and is left out.`)
        continue
      }
      const weight = await weigh(browser, path)
      rows.push({ path, scriptLimit: scriptLimits[kind], fontLimit, weight })
    }
  } finally {
    await browser.close()
  }
  if (values.lighthouse)
    for (const row of rows) {
      row.lighthouse = await lighthouseOf(row.path)
      console.error(`${row.path}: ${row.lighthouse.performance} points`)
    }
  if (values.json) console.log(JSON.stringify(rows, null, 2))
  else print(rows)
  if (rows.some(({ weight, scriptLimit }) => weight.script > scriptLimit || weight.font > fontLimit))
    process.exitCode = 1
}

/** A new page of the app must be weighed too. */
function assertEveryPage(): void {
  const found = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|\/)page\.tsx$/.test(path),
  )
  const missing = found.filter((path) => !(path in pages))
  if (missing.length > 0) throw new Error(`bench/pages.ts has no address for ${missing.join(', ')}.`)
}

/** Compressed bytes that travelled for one page, without headers, from an empty cache until the network has been idle. */
async function weigh(browser: Browser, path: string): Promise<Weight> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const weight = countBytes(await context.newCDPSession(page))
  await page.goto(new URL(path, site).href)
  await page.waitForLoadState('networkidle')
  await context.close()
  return weight
}

function countBytes(session: CDPSession): Weight {
  const weight: Weight = { script: 0, font: 0, style: 0, requests: 0 }
  const bodies = new Map<string, { kind: 'script' | 'font' | 'style'; headBytes: number }>()
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    weight.requests++
    // A preload has the type Other; its content tells more.
    const kind =
      type === 'Font' || /font/.test(response.mimeType)
        ? 'font'
        : type === 'Script' || /javascript/.test(response.mimeType)
          ? 'script'
          : type === 'Stylesheet' && 'style'
    if (kind) bodies.set(requestId, { kind, headBytes: response.encodedDataLength })
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const body = bodies.get(requestId)
    if (body) weight[body.kind] += encodedDataLength - body.headBytes
  })
  session.send('Network.enable')
  return weight
}

/**
 * Medians of Lighthouse’s mobile runs. It computes from a fast load how long a slow one would take (`simulate`), and so
 * counts every script that happened to arrive before the first paint. With `devtools` the load itself is slowed down, and
 * the paint is what is seen.
 */
async function lighthouseOf(path: string): Promise<Lighthouse> {
  const runs = await reportsOf(path, 'simulate', Number(values.runs))
  const slowed = await reportsOf(path, 'devtools', Number(values.slowed))
  const scoreOf = (name: string) => Math.round(medianOf(runs.map(({ categories }) => categories[name].score * 100)))
  const numberOf = (name: string, of = runs) => medianOf(of.map(({ audits }) => audits[name].numericValue))
  return {
    performance: scoreOf('performance'),
    accessibility: scoreOf('accessibility'),
    bestPractices: scoreOf('best-practices'),
    seo: scoreOf('seo'),
    lcpMs: slowed.length > 0 ? Math.round(numberOf('largest-contentful-paint', slowed)) : null,
    simulatedLcpMs: Math.round(numberOf('largest-contentful-paint')),
    blockingMs: Math.round(numberOf('total-blocking-time')),
    shift: Math.round(numberOf('cumulative-layout-shift') * 1000) / 1000,
  }
}

const medianOf = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1]

type Throttling = 'simulate' | 'devtools'

/** That many reports. On a busy machine Lighthouse now and then misses the start of its own trace, and is run again. */
async function reportsOf(path: string, throttling: Throttling, count: number): Promise<Report[]> {
  const reports: Report[] = []
  for (let failures = 0; reports.length < count; ) {
    try {
      reports.push(await reportOf(path, throttling))
    } catch (error) {
      if (++failures > 3) throw error
    }
  }
  return reports
}

async function reportOf(path: string, throttling: Throttling): Promise<Report> {
  const command = ['exec', '--yes', '--package=lighthouse@13.5.0', '--', 'lighthouse', new URL(path, site).href]
  const options = [
    `--throttling-method=${throttling}`,
    '--quiet',
    '--output=json',
    '--chrome-flags=--headless=new --no-sandbox',
  ]
  const { stdout } = await promisify(execFile)('npm', [...command, ...options], {
    maxBuffer: 2 ** 26,
    env: { ...process.env, ...(existsSync(chrome) ? { CHROME_PATH: chrome } : {}) },
  })
  return JSON.parse(stdout)
}

function print(rows: Row[]): void {
  const of = (bytes: number, limit: number) =>
    `${(bytes / kB).toFixed(1)} of ${limit / kB}${bytes > limit ? ' (!)' : ''}`
  console.log('| page | script kB | font kB | style kB | requests |')
  console.log('|---|---|---|---|---|')
  for (const { path, weight, scriptLimit } of rows)
    console.log(
      `| ${path} | ${of(weight.script, scriptLimit)} | ${of(weight.font, fontLimit)} | ${(weight.style / kB).toFixed(1)} | ${weight.requests} |`,
    )
  if (!rows[0]?.lighthouse) return
  console.log(`\nLighthouse, mobile, median of ${values.runs}; limits: 95, 100, 100, 100 and an LCP of 1,500 ms`)
  console.log(
    '| page | performance | accessibility | best practices | SEO | LCP ms | simulated LCP ms | blocking ms | shift |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (const { path, lighthouse: seen } of rows)
    if (seen) console.log(`| ${[path, ...Object.values(seen).map((value) => value ?? '–')].join(' | ')} |`)
}

await main()

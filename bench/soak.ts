import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { retryUntil } from '../bin/start/retry-until'
import { parseLogLine } from '../lib/format/log-line'
import { formatBytes } from '../lib/format/sizes'
import { type Balancer, openBalancer } from './soak/balancer'
import { memoryOf, ready, type System, startSystem } from './soak/system'
import { openTally, type Row } from './soak/tally'
import { buy, type Done, publish, read } from './soak/traffic'

/**
 * A whole market under load on one machine: three app processes and two minters, which share nothing but a Postgres, a bucket
 * and a local chain, and visitors, creators and buyers, who go on while a process is restarted, the leader is killed and a
 * minter is killed. Ends with status 1 where anything failed with an error that is not one of ours, or where an order is lost
 * or there twice.
 */

const help = `npm run soak -- [--minutes N] [--readers N] [--creators N] [--buyers N] [--port N] [--calm] [--json FILE] [--keep]

  --minutes    how long the load lasts; by default 10
  --port       the first of seven ports; by default 9150
  --calm       nothing is restarted or killed
  --json       writes the figures to this file too
  --keep       leaves the folder with logs and data, and prints its path

Needs a build (npx next build), Postgres and OpenStack Swift; see npm run s3.`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    readers: { type: 'string', default: '8' },
    creators: { type: 'string', default: '1' },
    buyers: { type: 'string', default: '3' },
    port: { type: 'string', default: '9150' },
    calm: { type: 'boolean', default: false },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})

/** For the first key pool. */
const patienceMs = 10 * 60_000

if (values.help) console.log(help)
else process.exitCode = (await soak()) ? 0 : 1

async function soak(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kinmark-soak-'))
  const system = await startSystem(folder, Number(values.port))
  const balancer = openBalancer(system.apps.map(({ site }) => site))
  const tally = openTally(balancer.isCut)
  const done: Done = { published: [], bought: [], downloadedBytes: 0 }
  const ms = Number(values.minutes) * 60_000
  /** The load begins with the first model that can be bought. */
  let startedAt = Number.POSITIVE_INFINITY
  const begun = (async () => {
    const end = Date.now() + patienceMs
    while (done.published.length === 0 && Date.now() < end) await wait(500)
    startedAt = Date.now()
  })()
  const isOver = () => Date.now() - startedAt > ms
  const client = { system, balancer, tally, done, isOver }
  const loads: number[] = []
  const peaks = new Map<string, number>()
  const watching = setInterval(() => {
    loads.push(loadavg()[0])
    for (const one of [...system.apps, ...system.minters])
      peaks.set(one.name, Math.max(peaks.get(one.name) ?? 0, memoryOf(one)))
  }, 1_000)
  try {
    const times = (text: string) => Array.from({ length: Number(text) }, (_, i) => i)
    const firstCreator = 5
    const firstBuyer = 20
    await Promise.all([
      ...times(values.readers).map(() => read(client)),
      ...times(values.creators).map((i) => publish(client, firstCreator + i)),
      ...times(values.buyers).map((i) => buy(client, firstBuyer + i)),
      values.calm ? null : begun.then(() => faults(system, balancer, ms)),
    ])
    clearInterval(watching)
    const checks = await check(system, done)
    const figures = {
      minutes: (Date.now() - startedAt) / 60_000,
      machine: { cores: cpus().length, memoryBytes: totalmem(), meanLoad: mean(loads), mostLoad: Math.max(...loads) },
      rows: tally.rows(),
      published: done.published.length,
      bought: done.bought.length,
      downloadedBytes: done.downloadedBytes,
      peakBytes: Object.fromEntries(peaks),
      checks,
    }
    print(figures)
    if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
    const foreign = figures.rows.some((row) => Object.keys(row.foreign).length > 0)
    return !foreign && Object.values(checks).every((problems) => problems.length === 0)
  } finally {
    clearInterval(watching)
    balancer.stop()
    await system.stop()
    if (values.keep) console.log(folder)
    else rmSync(folder, { recursive: true, force: true })
  }
}

/** After a quarter of the time a process is restarted in order, after a half the leader is killed, after three quarters a minter. */
async function faults({ apps, minters }: System, balancer: Balancer, ms: number): Promise<void> {
  await wait(ms / 4)
  const [first] = apps
  await first.end('SIGTERM')
  await first.start()
  await wait(ms / 4)
  const leader = await leaderOf(apps)
  balancer.kill()
  await leader?.end('SIGKILL')
  await leader?.start()
  await wait(ms / 4)
  await minters[0].end('SIGKILL')
  await minters[0].start()
}

async function leaderOf(apps: System['apps']): Promise<System['apps'][number] | null> {
  for (const app of apps) {
    const answer = await fetch(`${app.site}/api/health`).catch(() => null)
    if ((await answer?.json().catch(() => null))?.indexing.leads) return app
  }
  return null
}

/** Lists the faults of a run: work that was lost or done twice, and failures in the logs of the programs. */
async function check(system: System, { published, bought }: Done): Promise<Record<string, string[]>> {
  const [app] = system.apps
  await retryUntil('app', () => ready(app.site), 120)
  const client = new Client({ connectionString: system.databaseUrl })
  await client.connect()
  const column = async (query: string) => (await client.query(query)).rows.map(({ id }) => String(id))
  const accepted = new Set(await column(`select id from copies where accept_tx is not null`))
  const open = await column(`select id from copies where state = 'ordered'`)
  const payments = await column(
    `select copy_id || ' of model ' || model_id as id from ledger where kind = 'copy' group by copy_id, model_id having count(*) > 1`,
  )
  const failed = await column(`select copy_id as id from mints where final`)
  const doubled = await column(`select copy_id as id from mints group by copy_id having count(*) > 1`)
  const known = new Set(await column('select id from models'))
  await client.end()
  return {
    'models that were published and are not listed': published.filter((id) => !known.has(id)),
    'copies that were accepted and are not so in the index': bought.filter((id) => !accepted.has(id)),
    'orders that nobody delivered': open,
    'orders that failed for good': failed,
    'copies that were minted twice': doubled,
    'payments that are booked twice': payments,
    'errors in the logs': errorsIn(system),
  }
}

/** What programs logged as an error, each message once, with how often. */
function errorsIn({ apps, minters, logs }: System): string[] {
  const counts = new Map<string, number>()
  for (const { name } of [...apps, ...minters])
    for (const line of readFileSync(join(logs, `${name}.log`), 'utf8').split('\n')) {
      const entry = parseLogLine(line)
      const isError = entry
        ? entry.level === 'error' || entry.level === 'fatal'
        : /^\s*(⨯|Error|TypeError|Unhandled)/.test(line)
      if (!isError) continue
      const text = `${name}: ${entry ? `${entry.msg} ${entry.err?.stack.split('\n')[0] ?? ''}` : line.trim()}`.slice(
        0,
        200,
      )
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  return [...counts].map(([text, count]) => `${count} × ${text}`)
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

type Figures = {
  minutes: number
  machine: { cores: number; meanLoad: number; mostLoad: number }
  rows: Row[]
  published: number
  bought: number
  downloadedBytes: number
  peakBytes: Record<string, number>
  checks: Record<string, string[]>
}

function print({ minutes, machine, rows, published, bought, downloadedBytes, peakBytes, checks }: Figures): void {
  const { cores, meanLoad, mostLoad } = machine
  console.log(
    `${minutes.toFixed(1)} minutes on ${cores} cores; load ${meanLoad.toFixed(1)} in the mean, ${mostLoad.toFixed(1)} at most.`,
  )
  console.log(
    `${published} models published, ${bought} copies bought, ${formatBytes(downloadedBytes)} of copies downloaded and checked.\n`,
  )
  console.log('| what | count | p50 ms | p95 ms | p99 ms | our errors | other errors |\n|---|---|---|---|---|---|---|')
  for (const { kind, count, p50, p95, p99, ours, foreign } of rows)
    console.log(`| ${kind} | ${count} | ${p50} | ${p95} | ${p99} | ${listed(ours)} | ${listed(foreign)} |`)
  console.log(
    `\nMost memory: ${Object.entries(peakBytes)
      .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)
      .join(', ')}.\n`,
  )
  for (const [what, problems] of Object.entries(checks))
    console.log(
      `${problems.length === 0 ? 'none' : problems.length}: ${what}${problems.map((text) => `\n  ${text}`).join('')}`,
    )
}

function listed(counts: Record<string, number>): string {
  const names = Object.entries(counts).map(([name, count]) => `${count} × ${name}`)
  return names.join('; ') || '–'
}

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { count, sql } from 'drizzle-orm'
import { openDatabase } from '../lib/db/open'
import { models } from '../lib/db/schema'
import { answersOf } from '../lib/market/api/answers'
import { startPostgres } from '../test/postgres'
import { generate, type Sizes } from './market/generate'

/**
 * Reads a large market on Postgres, 50 requests at once: `npm run bench:market -- [--models N] [--copies N] [--lines N] [--url URL] [--json]`.
 * With `--url`, a market that an earlier run has made there is read again.
 */

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '100000' },
    copies: { type: 'string', default: '1000000' },
    lines: { type: 'string', default: '10000000' },
    requests: { type: 'string', default: '1000' },
    url: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [modelCount, copies, lines] = [values.models, values.copies, values.lines].map(Number)
const sizes: Sizes = { models: modelCount, copies, lines, descendants: Math.min(10_000, modelCount / 10) }
const atOnce = 50
const goals = { p95Ms: 50, memoryMb: 400 }

const postgres = values.url
  ? null
  : await startPostgres({
      shared_buffers: '1GB',
      maintenance_work_mem: '512MB',
      max_wal_size: '8GB',
      synchronous_commit: 'off',
    })
const url = values.url ?? (postgres?.url as string)
const { db, close } = await openDatabase({ folder: '', url })
const [{ rows }] = await db.select({ rows: count() }).from(models)
if (rows === 0) await generate(db, sizes)

/** The reading functions find the market here, as the routes do. */
Object.assign(globalThis, { kinmark: Promise.resolve({ db }) })

const pick = (i: number, of: number) => 1 + ((i * 7919) % of)
const [families, topics] = [
  ['llama', 'qwen', 'gemma', 'mistral', 'phi', 'smollm', 'olmo', 'granite', 'falcon', 'rwkv'],
  ['chat', 'code', 'poems', 'law', 'medical', 'math', 'vision', 'story'],
]
/** Searches that are rare, common and in vain, hardly one like another. */
const words = (i: number) => `${families[i % 10]} ${topics[(i >> 1) % 8]} ${i % 3 ? 'lang-' : 'tag'}${i % 37}`
const paging = { limit: 25 }
const sorts = ['trending', 'new', 'earned', 'price', 'size'] as const
const account = `0x${'7'.padStart(40, '0')}`
let cursor: string | undefined

const requests: Record<string, (i: number) => Promise<unknown>> = {
  explore: (i) => answersOf.listModels({ ...paging, sort: sorts[i % 5] }),
  'explore by family and licence': (i) =>
    answersOf.listModels({
      ...paging,
      sort: sorts[i % 5],
      family: families[i % 10],
      licence: ['mit', 'apache-2.0', 'gemma'][i % 3],
    }),
  'explore, a later page': (i) =>
    answersOf.listModels({ ...paging, sort: 'trending', cursor, licence: i % 2 ? 'mit' : undefined }),
  search: (i) => answersOf.listModels({ ...paging, sort: 'trending', search: words(i) }),
  'search with a typing error': (i) =>
    answersOf.listModels({ ...paging, sort: 'trending', search: ['mistrla', 'falcno', 'smolml'][i % 3] }),
  facets: (i) => answersOf.modelFacets({ search: i % 2 ? words(i + 4_440) : undefined }),
  model: (i) => answersOf.getModel({ id: String(pick(i, modelCount)) }),
  'descendants of 10,000': (i) =>
    answersOf.listDescendants({ ...paging, id: '1', cursor: i % 2 ? undefined : descendants }),
  copies: (i) => answersOf.listModelCopies({ ...paging, id: String(pick(i, modelCount)) }),
  'earnings of a model': (i) => answersOf.listModelEarnings({ ...paging, id: String(pick(i, modelCount)) }),
  'earnings of an account': () => answersOf.listAccountEarnings({ ...paging, account }),
}
let descendants: string | undefined

type Figures = { name: string; p50: number; p95: number; perSecond: number; cpuMs: number }

/** Clock ticks a second in /proc/PID/stat on Linux. */
const clockTicks = 100

/** Processor milliseconds of this process and of Postgres’s backends for this database so far. */
async function cpuMs(): Promise<number> {
  const { user, system } = process.cpuUsage()
  const { rows: backends } = (await db.execute(
    sql`select pid from pg_stat_activity where datname = current_database()`,
  )) as unknown as { rows: { pid: number }[] }
  const ticks = backends.map(({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  return (user + system) / 1000 + (1000 / clockTicks) * ticks.reduce((sum, each) => sum + each, 0)
}

async function measure(name: string, ask: (i: number) => Promise<unknown>): Promise<Figures> {
  const times: number[] = []
  let started = 0
  const total = Number(values.requests)
  await Promise.all(Array.from({ length: atOnce }, (_, i) => ask(i)))
  const before = await cpuMs()
  const begin = performance.now()
  const worker = async () => {
    while (started < total) {
      const i = started++
      const at = performance.now()
      await ask(i)
      times.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const perSecond = total / ((performance.now() - begin) / 1000)
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor(part * times.length)]
  return { name, p50: at(0.5), p95: at(0.95), perSecond, cpuMs: ((await cpuMs()) - before) / total }
}

cursor = (await answersOf.listModels({ ...paging, sort: 'trending' })).next ?? undefined
descendants = (await answersOf.listDescendants({ ...paging, id: '1' })).next ?? undefined
const figures: Figures[] = []
for (const [name, ask] of Object.entries(requests)) {
  const figure = await measure(name, ask)
  figures.push(figure)
  console.error(`${name}: p95 ${figure.p95.toFixed(0)} ms, ${figure.perSecond.toFixed(0)} a second`)
}
globalThis.gc?.()
const memoryMb = Math.round(process.memoryUsage().rss / 1e6)
const [size] = (
  (await db.execute(sql`select pg_size_pretty(pg_database_size(current_database())) as size`)) as unknown as {
    rows: { size: string }[]
  }
).rows
await close()
await postgres?.stop()

if (values.json) console.log(JSON.stringify({ figures, memoryMb, ...size }, null, 2))
else {
  console.log(
    `${availableParallelism()} cores, which this process and Postgres share; ${size.size}; memory ${memoryMb} MB (${goals.memoryMb}).\n`,
  )
  console.log(`| ${atOnce} requests at once | p50 | p95 (${goals.p95Ms} ms) | a second | processor time of each |`)
  console.log('|---|---|---|---|---|')
  for (const { name, p50, p95, perSecond, cpuMs: cpu } of figures)
    console.log(
      `| ${name} | ${p50.toFixed(0)} ms | ${p95.toFixed(0)} ms | ${perSecond.toFixed(0)} | ${cpu.toFixed(1)} ms |`,
    )
}

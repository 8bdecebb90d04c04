import { parseArgs } from 'node:util'
import { startPostgres } from '../test/postgres'

/** Keeps a Postgres for `bench:market -- --url URL`, so that a large market is made once: `node --import tsx bench/keep-pg.ts [--minutes N]`. */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '35' } } })
const postgres = await startPostgres({
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  synchronous_commit: 'off',
})
console.log(postgres.url)
const stop = () => postgres.stop().then(() => process.exit(0))
setTimeout(stop, Number(values.minutes) * 60_000)
process.on('SIGTERM', stop)

import { startPostgres } from '../test/postgres'

const postgres = await startPostgres({
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  synchronous_commit: 'off',
})
console.log(postgres.url)
setTimeout(() => postgres.stop(), 35 * 60_000)
process.on('SIGTERM', () => postgres.stop().then(() => process.exit(0)))

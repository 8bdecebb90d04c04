import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

export type Postgres = {
  url: string
  folder: string
  stop: () => Promise<void>
  /** Ends it as a loss of power does, and starts it again after so many milliseconds. */
  crash: (awayMs: number) => Promise<void>
}

const debian = '/usr/lib/postgresql'

/** The folder with this machine's Postgres programs (Debian's package `postgresql`, or the folder in KINMARK_POSTGRES_BIN); null where there are none. */
export function postgresPrograms(): string | null {
  const named = process.env.KINMARK_POSTGRES_BIN
  if (named) return named
  const releases = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const found = releases.map((release) => join(debian, release, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
  return found ?? null
}

/** Starts a temporary Postgres on a free port. It ends with this process at the latest, however that ends. `settings` are those of postgresql.conf. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const bin = postgresPrograms()
  if (!bin)
    throw new Error('There is no Postgres here: install Debian’s package postgresql, or set KINMARK_POSTGRES_BIN.')
  const folder = mkdtempSync(join(tmpdir(), 'kinmark-postgres-'))
  const as = accountFor(folder)
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8'],
    { ...as, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const options = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
    ...settings,
  }
  const settled = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const start = async () => {
    const child = spawn(join(bin, 'postgres'), ['-D', join(folder, 'data'), ...settled], { ...as, stdio: 'ignore' })
    const watch = endWithUs(child.pid, folder)
    child.once('close', () => watch.kill('SIGKILL'))
    await answers(url)
    return child
  }
  let child = await start()
  const ended = async (signal: 'SIGINT' | 'SIGQUIT') => {
    const closed = new Promise((done) => child.once('close', done))
    child.kill(signal)
    await closed
  }
  return {
    url,
    folder,
    stop: async () => {
      await ended('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
    crash: async (awayMs) => {
      await ended('SIGQUIT')
      await new Promise((done) => setTimeout(done, awayMs))
      child = await start()
    },
  }
}

/**
 * Watches this process from a process of its own, which ends Postgres and deletes its folder once this one is gone: also
 * when it is killed.
 */
function endWithUs(postgres: number | undefined, folder: string): ChildProcess {
  // What it reads ends with the process that would write it.
  const script = 'cat; kill -INT "$0" && while kill -0 "$0"; do sleep 0.1; done; rm -rf "$1"'
  const watch = spawn('sh', ['-c', script, String(postgres), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watch.unref()
  return watch
}

/** Postgres does not run as root: then it runs as the account of Debian's package. */
function accountFor(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const account = { uid: id('-u'), gid: id('-g') }
  chownSync(folder, account.uid, account.gid)
  return account
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 20_000; ; ) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((done) => setTimeout(done, 100))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

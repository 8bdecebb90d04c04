import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../test/free-port'
import { abis, contracts } from './events'

const version = '0.16.10'
const mostMs = 30 * 60_000

export type PonderDatabase = { kind: 'pglite'; directory: string } | { kind: 'postgres'; connectionString: string }

/**
 * Installs Ponder, as its own package and with its own dependencies, into a folder below the system’s folder for temporary
 * files, unless it is there. Returns that folder.
 */
export function installPonder(): string {
  const folder = join(tmpdir(), `kinmark-ponder-${version}`)
  if (existsSync(join(folder, 'node_modules', 'ponder'))) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `ponder@${version}`], {
    cwd: folder,
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0) throw new Error(`npm could not install ponder ${version}.`)
  return folder
}

/** How many rows the same logs made in our tables. */
export type Counts = { copies: number; ledger: number }

/**
 * Indexes the chain from its first block. Milliseconds from Ponder’s first answer until it has reached the head. Throws where
 * its tables have other numbers of rows than ours.
 */
export async function runPonder(
  installed: string,
  rpcUrl: string,
  database: PonderDatabase,
  expected: Counts,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kinmark-ponder-app-'))
  const files = {
    'config.mjs': 'ponder.config.ts',
    'schema.mjs': 'ponder.schema.ts',
    'handlers.mjs': 'src/index.ts',
    'api.mjs': 'src/api/index.ts',
  }
  for (const [from, to] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    copyFileSync(join('bench/index/ponder', from), join(folder, to))
  }
  symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const chain = join(folder, 'chain.json')
  writeFileSync(chain, JSON.stringify({ rpcUrl, contracts, abis, database }))
  const port = await freePort(1)
  const env = {
    ...process.env,
    BENCH_CHAIN: chain,
    PONDER_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    // Not ours to repair: it calls `client.query` of `pg` while another query runs.
    NODE_OPTIONS: '--no-deprecation',
  }
  const args = [join(installed, 'node_modules/ponder/dist/esm/bin/ponder.js'), 'start', '--schema', 'ponder']
  const child = spawn(process.execPath, [...args, '--log-level', 'warn'], {
    cwd: folder,
    env,
    stdio: ['ignore', process.stderr, process.stderr],
  })
  try {
    await answers(child, port, '/health')
    const start = performance.now()
    await answers(child, port, '/ready')
    const ms = performance.now() - start
    await hasRows(port, expected)
    return ms
  } finally {
    child.kill('SIGKILL')
  }
}

async function answers(child: ChildProcess, port: number, path: string): Promise<void> {
  for (const end = Date.now() + mostMs; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`Ponder ended with status ${child.exitCode}.`)
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await wait(20)
  }
  throw new Error(`Ponder did not answer at ${path}.`)
}

/** The newest blocks may still be on their way. */
async function hasRows(port: number, expected: Counts): Promise<void> {
  let found: Counts | null = null
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(200)) {
    found = (await (await fetch(`http://127.0.0.1:${port}/counts`)).json()) as Counts
    if (found.copies === expected.copies && found.ledger === expected.ledger) return
  }
  throw new Error(`Ponder has ${JSON.stringify(found)} rows, and not ${JSON.stringify(expected)}.`)
}

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { localAccount } from '../../lib/chain/accounts'
import { lock } from '../../lib/db/lock'
import { type Env, readEnv } from '../../lib/env'
import { KinmarkError, messageOf } from '../../lib/error'
import { masterKey, minterToken } from '../../lib/sealing/master-key'
import { appCommand } from './app'
import { buildWhatChanged } from './build'
import { chainProgram } from './chain'
import { type Children, openChildren, type Program } from './children'
import { demoHostMissing, startDemoHost } from './demo-host'
import { publishDemoModels } from './demo-models'
import { assertPortFree } from './ports'
import { retryUntil } from './retry-until'

/** Starts all of Kinmark on one machine: chain, contracts, database, indexer, app, minter, demo models, a demo host. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const help = `npm start [-- --fresh]

  --fresh   delete the local chain, the database and all uploads first

Environment: PORT (3000), KINMARK_CHAIN_PORT (8545), KINMARK_DATA (./data); docs/operations.md lists all variables.`

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) return console.log(help)
  const env = readEnv()
  openDataFolder(env.data)
  lock(join(env.data, 'lock'), env.data)
  const children = openChildren(env.data)
  const stopping = new AbortController()
  stopOnSignals(children, stopping)
  try {
    await startAll(env, children, values.fresh ?? false)
    if (isLocal(env) && env.demoHost)
      startDemoHost(env, root, children, stopping.signal).catch((error) => {
        if (!stopping.signal.aborted) console.error(demoHostMissing(error))
      })
  } catch (error) {
    await children.stop()
    throw error
  }
}

async function startAll(env: Env, children: Children, fresh: boolean): Promise<void> {
  await assertPortFree(env.port, 'app', 'PORT')
  if (isLocal(env)) await assertPortFree(env.chainPort, 'chain', 'KINMARK_CHAIN_PORT')
  if (fresh) emptyDataFolder(env.data)
  await buildWhatChanged(root)
  if (isLocal(env)) await children.start(chainProgram(env))
  await children.start(appProgram(env))
  await children.start(minterProgram(env))
  if (isLocal(env)) await publishDemoModels(env, root)
  console.log(`\nKinmark is at ${env.origins[0]}\nCtrl-C stops everything; npm start continues with the same data.\n`)
}

const isLocal = (env: Env) => env.rpcUrl === `http://127.0.0.1:${env.chainPort}`

function appProgram(env: Env): Program {
  return {
    name: 'app',
    command: process.execPath,
    args: appCommand(env).args,
    env: { ...appCommand(env).env, ...proberKey(env) },
    ready: async () => {
      await retryUntil('app', async () => {
        const response = await fetch(`${env.site}/api/health`)
        if (!response.ok) throw new KinmarkError('start.app-status', { status: response.status })
      })
    },
  }
}

/** On the local chain, an account of its own pays for the questions by which hosts are measured. */
function proberKey(env: Env): Record<string, string> {
  const key = isLocal(env) ? localAccount('prober').getHdKey().privateKey : null
  return key && !env.proberKey ? { KINMARK_PROBER_KEY: `0x${Buffer.from(key).toString('hex')}` } : {}
}

function minterProgram(env: Env): Program {
  const token = env.minterToken ?? minterToken(masterKey(join(env.data, 'master-key'), env.masterKey))
  const variables: Record<string, string> = {
    KINMARK_DATA: env.data,
    KINMARK_URL: env.site,
    KINMARK_MINTER_TOKEN: token,
    KINMARK_PUBLIC_URL: env.origins[0],
  }
  const key = localAccount('minter').getHdKey().privateKey
  if (isLocal(env) && key) variables.KINMARK_MINTER_KEY = `0x${Buffer.from(key).toString('hex')}`
  return {
    name: 'minter',
    command: process.execPath,
    args: ['--conditions=react-server', '--import', 'tsx', join(root, 'bin/minter.ts')],
    env: variables,
  }
}

/** Marks the data folder as Kinmark’s. Throws `start.folder-foreign` when it holds other files, which --fresh would delete. */
function openDataFolder(data: string): void {
  const mark = join(data, '.kinmark')
  if (existsSync(data) && !existsSync(mark) && readdirSync(data).length > 0)
    throw new KinmarkError('start.folder-foreign', { folder: data })
  mkdirSync(data, { recursive: true })
  writeFileSync(mark, 'This folder belongs to Kinmark.\n')
}

function emptyDataFolder(data: string): void {
  const inUse = ['.kinmark', 'lock', 'children.json', 'logs']
  for (const name of readdirSync(data)) if (!inUse.includes(name)) rmSync(join(data, name), { recursive: true })
}

function stopOnSignals(children: Children, stopping: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, async () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      console.log('\nStopping …')
      await children.stop()
      process.exit(0)
    })
}

main().catch((error) => {
  console.error(messageOf(error))
  process.exit(1)
})

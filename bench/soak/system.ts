import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasSwift, type Swift, startSwift } from '../../bin/s3/swift'
import { appCommand } from '../../bin/start/app'
import { retryUntil } from '../../bin/start/retry-until'
import { localAccount } from '../../lib/chain/accounts'
import type { Deployment } from '../../lib/chain/deployment'
import { deploy } from '../../lib/deploy/deploy'
import { joinMinter } from '../../lib/deploy/join-minter'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { type Anvil, startAnvil } from '../../test/anvil'
import { type Postgres, startPostgres } from '../../test/postgres'

export type Running = {
  name: string
  /** Null until it is started. */
  child: ChildProcess | null
  start(): Promise<void>
  end(signal: NodeJS.Signals): Promise<void>
}

/** A whole market on this machine whose processes share nothing but the database, the bucket and the chain. */
export type System = {
  deployment: Deployment
  rpcUrl: string
  databaseUrl: string
  /** The address in sign-in messages, as a proxy before the app processes would have. */
  origin: string
  apps: (Running & { site: string })[]
  minters: Running[]
  logs: string
  stop(): Promise<void>
}

const appCount = 3
const minterCount = 2
const bond = parseUsdc('10000')

/** Starts everything in `folder`, with ports from `port` on: three apps, then four of the S3 server. */
export async function startSystem(folder: string, port: number): Promise<System> {
  if (!hasSwift) throw new Error('OpenStack Swift is not installed: see npm run s3.')
  const opened: { stop(): Promise<void> }[] = []
  const logs = join(folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const stop = async () => {
    for (const part of opened.reverse()) await part.stop()
  }
  try {
    const postgres: Postgres = await startPostgres({ max_connections: '200' })
    opened.push(postgres)
    const swift: Swift = await startSwift(join(folder, 's3'), port + appCount)
    opened.push(swift)
    const anvil: Anvil = await startAnvil(['--accounts', '40'])
    opened.push(anvil)
    const minter = localAccount('minter')
    const deployment = await deploy({
      rpcUrl: anvil.rpcUrl,
      deployer: localAccount('deployer'),
      minter: minter.address,
    })
    await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true, bond })
    const deploymentFile = join(folder, 'deployment.json')
    writeFileSync(deploymentFile, JSON.stringify(deployment))

    const origin = `http://localhost:${port}`
    const { place } = swift
    /** All that a minter is given. */
    const forMinters = {
      KINMARK_RPC_URL: anvil.rpcUrl,
      KINMARK_MINTER_TOKEN: randomBytes(32).toString('hex'),
    }
    const forApps = {
      ...forMinters,
      KINMARK_DEPLOYMENT: deploymentFile,
      KINMARK_MASTER_KEY: randomBytes(32).toString('hex'),
      KINMARK_ORIGIN: origin,
      KINMARK_HOST: '127.0.0.1',
      KINMARK_PROXIES: '127.0.0.1',
      KINMARK_DRAIN_SECONDS: '2',
      KINMARK_STOP_SECONDS: '20',
      KINMARK_KEYS: '64',
      DATABASE_URL: postgres.url,
      KINMARK_S3_ENDPOINT: place.endpoint ?? '',
      KINMARK_S3_BUCKET: place.bucket,
      AWS_ACCESS_KEY_ID: place.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: place.secretAccessKey ?? '',
    }
    const program = (name: string, args: string[], env: Record<string, string>): Running => {
      const data = join(folder, name)
      mkdirSync(data, { recursive: true })
      const log = createWriteStream(join(logs, `${name}.log`))
      const running: Running = {
        name,
        child: null,
        async start() {
          const child = spawn(process.execPath, args, {
            env: { ...process.env, KINMARK_DATA: data, ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
          })
          child.stdout.pipe(log, { end: false })
          child.stderr.pipe(log, { end: false })
          running.child = child
        },
        async end(signal) {
          const { child } = running
          if (!child || child.exitCode !== null || child.signalCode !== null) return
          const ended = once(child, 'exit')
          child.kill(signal)
          await ended
        },
      }
      opened.push({ stop: () => running.end('SIGTERM') })
      return running
    }

    const apps = Array.from({ length: appCount }, (_, i) => {
      const own = String(port + i)
      const name = `app-${i + 1}`
      const { args, env } = appCommand({ port: port + i, host: '127.0.0.1', data: join(folder, name) })
      return Object.assign(program(name, args, { ...forApps, ...env, PORT: own }), { site: `http://127.0.0.1:${own}` })
    })
    for (const app of apps) await app.start()
    for (const app of apps) await retryUntil('app', () => ready(app.site), 180)
    const minters = Array.from({ length: minterCount }, (_, i) => {
      const args = ['--conditions=react-server', '--import', 'tsx', 'bin/minter.ts']
      const key = Buffer.from(minter.getHdKey().privateKey ?? []).toString('hex')
      const own = { KINMARK_URL: apps[i].site, KINMARK_MINTER_KEY: `0x${key}` }
      return program(`minter-${i + 1}`, args, { ...forMinters, ...own })
    })
    for (const one of minters) await one.start()
    return { deployment, rpcUrl: anvil.rpcUrl, databaseUrl: postgres.url, origin, apps, minters, logs, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export async function ready(site: string): Promise<void> {
  const response = await fetch(`${site}/readyz`)
  if (!response.ok) throw new Error(`${site} is not ready: ${response.status}.`)
}

/** Resident memory in bytes; 0 for a process that has ended. */
export function memoryOf({ child }: Running): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child?.pid}/status`, 'utf8')) ?? []
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

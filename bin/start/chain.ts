import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicClient, createTestClient, http, publicActions } from 'viem'
import { localAccount } from '../../lib/chain/accounts'
import { type Deployment, parseDeployment } from '../../lib/chain/deployment'
import { deploy } from '../../lib/deploy/deploy'
import { foundryMissing } from '../../lib/deploy/foundry'
import { joinMinter } from '../../lib/deploy/join-minter'
import type { Env } from '../../lib/env'
import { KinmarkError } from '../../lib/error'
import type { Program } from './children'
import { retryUntil } from './retry-until'

const backupMs = 5_000
/** The protocol’s shortest epoch: a report, a settlement and a thaw take minutes. */
const epochSeconds = 600n

/** The local chain. anvil writes its state to disk every second, so a killed chain loses at most the last seconds. */
export function chainProgram({ data, chainPort, rpcUrl, deploymentFile }: Env): Program {
  const state = join(data, 'chain.json')
  const backup = join(data, 'chain.backup.json')
  setInterval(() => backUp(state, backup), backupMs).unref()
  return {
    name: 'chain',
    command: 'anvil',
    args: ['--silent', '--port', String(chainPort), '--state-interval', '1', '--state', state],
    signal: 'SIGINT',
    missing: (cause) => foundryMissing('anvil', cause),
    before() {
      if (!existsSync(state) || isJson(state)) return
      console.log('The chain’s state file is incomplete: restoring its backup, a few seconds older.')
      if (existsSync(backup)) copyFileSync(backup, state)
      else rmSync(state)
    },
    async ready() {
      await retryUntil('chain', () => fetch(rpcUrl, { method: 'POST' }))
      await continueTime(rpcUrl)
      await ensureDeployed(rpcUrl, deploymentFile)
    },
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'))
    return true
  } catch {
    return false
  }
}

function backUp(state: string, backup: string): void {
  if (!existsSync(state)) return
  if (existsSync(backup) && statSync(backup).mtimeMs >= statSync(state).mtimeMs) return
  copyFileSync(state, `${backup}.new`)
  if (isJson(`${backup}.new`)) renameSync(`${backup}.new`, backup)
}

/** A chain whose time was moved ahead begins at the machine’s time again when it restarts: its time must not go back. */
async function continueTime(rpcUrl: string): Promise<void> {
  const chain = createTestClient({ mode: 'anvil', transport: http(rpcUrl) }).extend(publicActions)
  const { timestamp: last } = await chain.getBlock({ blockTag: 'latest' })
  const { timestamp: next } = await chain.getBlock({ blockTag: 'pending' })
  if (next < last) await chain.increaseTime({ seconds: Number(last - next) })
}

/** Deploys Kinmark when the chain does not have it: on the first start, or when its state was lost. */
async function ensureDeployed(rpcUrl: string, file: string): Promise<void> {
  const client = createPublicClient({ transport: http(rpcUrl) })
  if (existsSync(file)) {
    const { contracts } = readDeployment(file)
    if (await client.getCode({ address: contracts.copyRegistry })) return
  }
  const deployer = localAccount('deployer')
  const minter = localAccount('minter')
  const deployment = await deploy({ rpcUrl, deployer, minter: minter.address, epochSeconds })
  await joinMinter(rpcUrl, minter, deployment, { faucet: true })
  writeFileSync(`${file}.new`, JSON.stringify(deployment, null, 2))
  renameSync(`${file}.new`, file)
}

/** Throws `start.contracts-outdated` where the file lacks a contract that this version of Kinmark has. */
function readDeployment(file: string): Deployment {
  try {
    return parseDeployment(readFileSync(file, 'utf8'), file)
  } catch (cause) {
    if (!(cause instanceof KinmarkError && cause.code === 'deploy.file-invalid')) throw cause
    throw new KinmarkError('start.contracts-outdated', { file }, { cause })
  }
}

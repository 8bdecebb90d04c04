import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestClient, http, publicActions } from 'viem'
import { testUsdAbi } from '../../lib/chain/generated'
import type { Env } from '../../lib/env'
import { KinmarkError, messageOf } from '../../lib/error'
import type { Children, Program } from './children'
import { copyFolder, demoCopy } from './demo-copy'
import { publishServedModel } from './demo-models'
import { demoWallet, keyText } from './demo-wallet'
import { assertPortFree } from './ports'
import { retryUntil } from './retry-until'
import { signIn } from './sign-in'

const price = '20'
const reserve = '5'
const askEveryMs = 20_000
const questions = [
  'What is 47 plus 38?',
  'What is 12 plus 9?',
  'How many letters does the word “river” have?',
  'What does “lantern” mean?',
  'Tell me a short story about a fox.',
]

/**
 * A host of the local chain and a user who asks it now and then: publishes the model that chats, buys a copy of it, serves
 * and meters it, and pays for a question every twenty seconds. Goes on until the signal. Throws what keeps it from starting.
 */
export async function startDemoHost(env: Env, root: string, children: Children, signal: AbortSignal): Promise<void> {
  const folder = join(env.data, 'demo')
  const [gatewayPort, servePort, userPort] = [1, 2, 3].map((offset) => env.port + offset)
  for (const port of [gatewayPort, servePort, userPort]) await assertPortFree(port, 'demo host', 'PORT')
  const model = await publishServedModel(env, root)
  const [host, user] = [demoWallet(env, 'demoHost'), demoWallet(env, 'demoUser')]
  const session = await signIn(env.site, env.origins[0], host.deployment.chainId, host.account)
  const copyId = await demoCopy({ ...host, session, site: env.site, folder }, model, signal)
  mkdirSync(folder, { recursive: true })
  for (const { account } of [host, user])
    writeFileSync(join(folder, `${account.address}.key`), keyText(account), { mode: 0o600 })
  const { usd } = user.deployment.contracts
  const args = [user.account.address, BigInt(reserve) * 1_000_000n] as const
  await user.send({ address: usd, abi: testUsdAbi, functionName: 'faucet', args })

  const start = (name: string, port: number, args: string[]) => {
    if (signal.aborted) throw signal.reason
    return children.start(kinmarkProgram(env, root, { name, port, args }))
  }
  const chain = ['--copy', `${copyId}`, '--rpc', env.rpcUrl, '--deployment', env.deploymentFile]
  const url = (port: number) => `http://127.0.0.1:${port}`
  await start('demo model', servePort, ['serve', copyFolder(folder, copyId), '--model', 'quill'])
  await start('demo host', gatewayPort, [
    ...['gateway', ...chain, '--upstream', url(servePort), '--url', `${url(gatewayPort)}/v1`, '--price', price],
    ...['--precision', 'F16'],
    ...['--owner-key', join(folder, `${host.account.address}.key`)],
  ])
  await start('demo user', userPort, [
    ...['user', ...chain, '--to', url(gatewayPort), '--reserve', reserve],
    ...['--user-key', join(folder, `${user.account.address}.key`)],
  ])
  const every = setInterval(() => void ask(env, url(userPort)), askEveryMs)
  signal.addEventListener('abort', () => clearInterval(every))
}

type Kinmark = { name: string; port: number; args: string[] }

function kinmarkProgram(env: Env, root: string, { name, port, args }: Kinmark): Program {
  return {
    name,
    command: process.execPath,
    args: ['--import', 'tsx', join(root, 'bin/kinmark.ts'), ...args, '--port', `${port}`],
    env: { KINMARK_DATA: env.data },
    ready: () => retryUntil('demo host', () => fetch(`http://127.0.0.1:${port}/v1/models`)).then(() => undefined),
  }
}

/** Asks one question. A time of trouble is passed over: the next comes soon. */
async function ask({ rpcUrl }: Env, url: string): Promise<void> {
  const content = questions[Math.floor(Math.random() * questions.length)]
  const body = JSON.stringify({ model: 'quill', messages: [{ role: 'user', content }], max_tokens: 200 })
  const headers = { 'content-type': 'application/json' }
  try {
    await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
    await mineIfLate(rpcUrl)
  } catch {}
}

/** A local chain makes no blocks by itself: without one, programs that read the newest block never see the next epoch. */
async function mineIfLate(rpcUrl: string): Promise<void> {
  const chain = createTestClient({ mode: 'anvil', transport: http(rpcUrl) }).extend(publicActions)
  const [last, next] = await Promise.all([
    chain.getBlock({ blockTag: 'latest' }),
    chain.getBlock({ blockTag: 'pending' }),
  ])
  if (next.timestamp - last.timestamp >= BigInt(askEveryMs / 1000)) await chain.mine({ blocks: 1 })
}

/** Says why there is no demo host, and what goes on without it. */
export function demoHostMissing(error: unknown): string {
  const reason = error instanceof KinmarkError ? error.message : messageOf(error)
  return `The demo host does not run: ${reason} All else does.`
}

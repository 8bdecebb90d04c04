import { join } from 'node:path'
import { encodeFunctionData, getAddress, isAddress, maxUint64 } from 'viem'
import { testUsdAbi, userLedgerAbi } from '../../lib/chain/generated'
import { KinmarkError } from '../../lib/error'
import { formatUsdc } from '../../lib/format/amounts'
import type { HostChain } from '../../lib/gateway/chain'
import { accountFromKey, type Call, sendOnce } from '../../lib/gateway/send-once'
import { openUpstream, readText } from '../../lib/gateway/upstream'
import { startProxy } from '../../lib/gateway/user/proxy'
import { openWallet } from '../../lib/gateway/user/wallet'
import { dataOf, keptKey, openChainOf, readKey } from './chain-folder'
import { type CommandResult, integerOf, required, urlOf, usdcOf, type Values } from './options'
import { stopped } from './stopped'

type UserOptions = { say(line: string): void; signal?: AbortSignal }

const limits = { body: 2 ** 25, answer: 2 ** 28 }
const answerTokens = 4096
const keySeconds = 30n * 86_400n

/** Pays a host for the clients of this machine until the program is interrupted or terminated. */
export async function user(values: Values, { say, signal }: UserOptions): Promise<CommandResult> {
  required(values, 'to')
  const upstream = openUpstream({ url: urlOf(values, 'to') as URL, apiKey: null, silentMs: 300_000 })
  const chain = await openChainOf(values)
  const { copyId, deployment } = chain
  const { chainId, contracts } = deployment
  const payer = values['user-key'] === undefined ? null : accountFromKey(await readKey(values['user-key']))
  const address = payer?.address ?? addressOf(values)
  const folder = join(dataOf(values), 'user', `${chainId}-${copyId}-${address.toLowerCase()}`)
  const key = await keptKey(join(folder, 'session.key'))
  const session = accountFromKey(key).address
  const { operator, price } = await readHost(chain, upstream)

  const amount = usdcOf(values, 'reserve')
  const calls = await callsToPay(chain, { address, session, amount })
  if (payer) {
    for (const [i, call] of calls.entries()) {
      const file = join(folder, `reserve-${i}.tx`)
      await sendOnce({ client: chain.client, account: payer, file, signal, call, done: async () => false })
    }
  } else if (calls.length > 0) {
    say(`${address} has to sign ${calls.length} transactions, which reserve money and name the key ${session}:`)
    for (const call of calls) say(`  to ${call.address} data ${encodeFunctionData(call as never)}`)
    throw new KinmarkError('gateway.user-key-unnamed', { key: session, copyId: `${copyId}` })
  }
  const budget = async (options: { fresh: boolean }): Promise<bigint> => {
    const [reservation, named] = await Promise.all([
      chain.reservation(address, options),
      chain.sessionKey(address, session, options),
    ])
    const reserved = reservation.amount + reservation.settledAmount
    return reserved < named.maxAmount ? reserved : named.maxAmount
  }
  const wallet = await openWallet({
    ...{ folder, chainId, userLedger: contracts.userLedger, copyId, user: address, key, price, budget },
  })
  const maySign = async (signer: `0x${string}`, epoch: bigint): Promise<boolean> => {
    const { from, until } = await chain.keyTerm(signer)
    return until !== 0n && from <= epoch && epoch <= until
  }
  const proxy = await startProxy({
    ...{ host: values.host ?? '127.0.0.1', port: integerOf(values, 'port', { least: 0, most: 65_535 }) ?? 8091 },
    ...{ upstream, wallet, answerTokens, limits, say },
    check: { chainId, usageLedger: contracts.usageLedger, copyId, user: address, price, maySign },
  })
  const left = formatUsdc(await budget({ fresh: true }))
  say(`Paying copy ${copyId} (${operator}) ${formatUsdc(price)} USDC per million tokens out of ${left} USDC.`)
  say(`OPENAI_BASE_URL=${proxy.url}`)
  say(`ANTHROPIC_BASE_URL=${proxy.url.replace(/\/v1$/, '')}`)
  await stopped(signal)
  await proxy.close()
  upstream.close()
  const [units, cost] = [`${wallet.units}`, `${wallet.cost}`]
  return { text: 'Stopped.', json: { url: proxy.url, units, cost }, yes: true }
}

function addressOf(values: Values): `0x${string}` {
  const { user: text = '' } = values
  if (!isAddress(text, { strict: false }))
    throw new KinmarkError('gateway.option-invalid', {
      option: 'user',
      value: text,
      expected: 'the address of the account that pays',
    })
  return getAddress(text)
}

/** The operator key and the price of a host, as the host says and the chain confirms. */
async function readHost(chain: HostChain, upstream: ReturnType<typeof openUpstream>) {
  const { status, body } = await upstream.ask('GET', '/v1/kinmark', {})
  const text = await readText(body, limits.answer)
  if (status !== 200) throw new KinmarkError('gateway.upstream-status', { status })
  const about = JSON.parse(text) as { copyId: string; operator: string; price: string }
  if (about.copyId !== `${chain.copyId}`)
    throw new KinmarkError('gateway.voucher-other-copy', { given: `${chain.copyId}`, served: about.copyId })
  const operator = getAddress(about.operator)
  const opened = await chain.deploymentOf(operator)
  if (!opened || opened.price !== BigInt(about.price))
    throw new KinmarkError('gateway.host-distrusted', {
      reason: 'it asks another price than its deployment on the chain',
    })
  return { operator, price: opened.price }
}

/** The transactions that the user sends before the session key can pay: they deposit and reserve what is missing, and name the key. */
async function callsToPay(
  chain: HostChain,
  { address, session, amount }: { address: `0x${string}`; session: `0x${string}`; amount: bigint | undefined },
): Promise<Call[]> {
  const { copyId, deployment } = chain
  const { usd, userLedger } = deployment.contracts
  const [reservation, named] = await Promise.all([
    chain.reservation(address, { fresh: true }),
    chain.sessionKey(address, session, { fresh: true }),
  ])
  const missing = (amount ?? 0n) > reservation.amount ? (amount ?? 0n) - reservation.amount : 0n
  const users = { address: userLedger, abi: userLedgerAbi } as const
  const deposit: Call[] =
    missing > 0n
      ? [
          { address: usd, abi: testUsdAbi, functionName: 'approve', args: [userLedger, missing] },
          { ...users, functionName: 'deposit', args: [missing] },
          { ...users, functionName: 'reserve', args: [copyId, missing] },
        ]
      : []
  const time = await chain.time()
  const isNamed = named.number === reservation.number && named.expiresAt > time + 3600n
  const reserved = reservation.amount + reservation.settledAmount + missing
  if (isNamed && named.maxAmount >= reserved) return deposit
  const expiresAt = time + keySeconds > named.expiresAt ? time + keySeconds : named.expiresAt
  const most = reserved < maxUint64 ? reserved : maxUint64
  return [...deposit, { ...users, functionName: 'nameKey', args: [copyId, session, expiresAt, most] }]
}

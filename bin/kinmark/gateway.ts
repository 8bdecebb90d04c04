import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type Address, encodeFunctionData, maxUint64 } from 'viem'
import { usageLedgerAbi } from '../../lib/chain/generated'
import { missingFor, unitsCovered } from '../../lib/chain/units-covered'
import { lock } from '../../lib/db/lock'
import { KinmarkError, messageOf } from '../../lib/error'
import { formatUsdc } from '../../lib/format/amounts'
import { type Books, openBooks } from '../../lib/gateway/books'
import type { HostChain, ServedCopy } from '../../lib/gateway/chain'
import { type EpochClock, epochClock } from '../../lib/gateway/epoch-clock'
import { type Epochs, openEpochs } from '../../lib/gateway/epochs'
import { keyPayer } from '../../lib/gateway/keys/payer'
import { assertOwner, countingBooks, ownerStatus } from '../../lib/gateway/owner-status'
import { freePayer, payInOneOf, voucherPayer } from '../../lib/gateway/payer'
import { probeUpstream } from '../../lib/gateway/probe-upstream'
import { accountFromKey, sendOnce } from '../../lib/gateway/send-once'
import { startGateway } from '../../lib/gateway/server'
import { openUpstream } from '../../lib/gateway/upstream'
import { closesAccount, voucherChecker } from '../../lib/gateway/vouchers'
import { openX402 } from '../../lib/gateway/x402/open-x402'
import { copyOf, keptKey, openChainOf, readKey } from './chain-folder'
import { assertWeights, readDisclosedKeys } from './disclosed-keys'
import { keysIn } from './gateway-keys'
import { assertAlone, openShared } from './gateway-shared'
import { type CommandResult, integerOf, required, urlOf, usdcOf, type Values } from './options'
import { stopped } from './stopped'

type GatewayOptions = { say(line: string): void; signal?: AbortSignal }

const tickMs = 2000
const graceMs = 10_000
const defaultPrice = 4_000_000n
const defaultCap = 1_000_000_000n
const defaultLeast = 10_000n
/** Tokens of an answer whose request names no limit. */
const answerTokens = 4096
const limits = {
  body: 2 ** 25,
  bodies: 2 ** 28,
  answer: 2 ** 28,
  event: 2 ** 24,
  slowClientMs: 30_000,
  countingMs: 10_000,
}

/** Puts a metering gateway before the server of a model until the program is interrupted or terminated. */
export async function gateway(values: Values, { say, signal }: GatewayOptions): Promise<CommandResult> {
  required(values, 'upstream')
  const url = urlOf(values, 'upstream') as URL
  const chain = await openChainOf(values)
  const { copyId, deployment } = chain
  const copy = await chain.copy()
  assertServed(copyId, copy)
  const { folder } = await copyOf(values)
  const unlock = lock(join(folder, 'lock'), folder)
  const operatorKey = await keptKey(join(folder, 'operator.key'))
  const operator = accountFromKey(operatorKey)
  const owner = values['owner-key'] === undefined ? null : accountFromKey(await readKey(values['owner-key']))
  const apiKey = values['upstream-key'] || process.env.KINMARK_UPSTREAM_KEY || null
  const upstream = openUpstream({ url, apiKey, silentMs: 120_000 })
  const { models, countsEachEvent } = await probeUpstream(upstream, url)
  if (values.disclosed !== undefined) {
    const expected = { copyId: `${copyId}`, fingerprintRoot: copy.fingerprintRoot }
    const keySet = await readDisclosedKeys(values.disclosed, expected)
    const { asked, matching } = await assertWeights(keySet, { upstream: url, model: models[0], apiKey, signal })
    say(`The upstream serves these weights: ${matching} of ${asked} disclosed keys are answered as by copy ${copyId}.`)
  }
  say(`The upstream serves ${models.join(', ')}${countsEachEvent ? ', and counts tokens with each event' : ''}.`)

  const host = values.host ?? '127.0.0.1'
  const port = integerOf(values, 'port', { least: 0, most: 65_535 }) ?? 8090
  const price = usdcOf(values, 'price') ?? (await chain.deploymentOf(operator.address))?.price ?? defaultPrice
  const precision = precisionOf(values)
  const publicUrl = urlOf(values, 'url')?.href ?? `http://${host}:${port}/v1`
  const { cap } = await registered({
    chain,
    operator: operator.address,
    owner,
    folder,
    publicUrl,
    price,
    say,
    signal,
    wanted: capOf(values),
  })

  if (owner) await fundOperator(chain, owner, operator.address, folder)

  const clock = epochClock(await chain.epochLength())
  clock.set(await chain.time())
  const { chainId, contracts } = deployment
  const stopping = new AbortController()
  const about = { chainId, usageLedger: contracts.usageLedger, copyId, operatorKey, clock }
  const shared = await openShared(values, { ...about, cap, folder, onLeft: (error) => stopping.abort(error) })
  if (!shared) await assertAlone(chain, operator.address, folder)
  const counted = countingBooks(shared?.books ?? (await openBooks({ ...about, folder: join(folder, 'receipts') })))
  const { books } = counted
  const checks = { chainId, userLedger: contracts.userLedger, copyId, chain, time: clock.time }
  const direct = values['no-x402']
    ? null
    : await openX402({
        books,
        chain,
        account: operator,
        checks,
        host: copy.host,
        price,
        origin: new URL(publicUrl).origin,
        least: leastOf(values),
      })
  const counter = shared?.counter ?? new RateLimiterMemory({ points: 1, duration: 60 })
  const keys = shared?.keys ?? keysIn(folder)
  const payers = [
    ...[voucherPayer(books, price, checks), ...(direct ? [direct.payer] : [])],
    ...[keyPayer({ books, keys, counter, price, answerTokens }), ...(values.free ? [freePayer] : [])],
  ]
  const funds = { covered: unitsCovered(copy) }
  const check = voucherChecker(checks)
  const calls = {
    ...{ books, upstream, countsEachEvent, limits, pay: payInOneOf(payers, { copyId, price }) },
    get cap() {
      return funds.covered < cap ? funds.covered : cap
    },
    onFault: (error: unknown) => say(messageOf(error)),
  }
  const running = await startGateway({
    ...{ host, port, calls, mostRunning: 4096 },
    about: () => ({
      ...(precision && { precision }),
      ...{ copyId: `${copyId}`, chainId, operator: operator.address, price: `${price}`, ...contractsOf(chain) },
      ...{ epoch: `${books.epoch}`, epochLength: `${clock.epochLength}`, time: `${clock.time()}` },
      ...{ epochUnits: `${books.epochUnits}`, unitsLeft: `${calls.cap - books.epochUnits}` },
      ...(direct && { x402: direct.about }),
    }),
    async status(authorization) {
      const owner = async () => (await chain.copy()).host
      await assertOwner({ authorization, copyId, operator: operator.address, owner })
      return ownerStatus(books, counted.minutes(), clock, calls)
    },
    async takeVoucher({ voucher }) {
      await check(voucher)
      if (await books.onAccount(voucher.user, (account) => closesAccount(account, voucher)))
        await books.storeVoucher(voucher)
    },
  })
  say(`Serving copy ${copyId} at ${running.url} for ${formatUsdc(price)} USDC per million tokens; Ctrl-C stops it.`)
  const epochs = await openEpochs({
    ...{ books, chain, folder: join(folder, 'epochs'), operator, owner, paidDirectly: direct !== null, say },
  })
  const warn = fundsWarner(books, clock, say)
  const ticking = tick({ chain, clock, epochs, funds, warn, say, signal: stopping.signal })
  await stopped(signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal)
  const left = stopping.signal.aborted ? stopping.signal.reason : null
  stopping.abort()
  await running.close(graceMs)
  await ticking
  await direct?.close()
  await books.close()
  await shared?.close()
  upstream.close()
  unlock()
  if (left) throw left
  return { text: 'Stopped.', json: { copyId: `${copyId}`, url: running.url }, yes: true }
}

const leastOf = (values: Values): bigint => usdcOf(values, 'x402-least') ?? defaultLeast

function contractsOf({ deployment: { contracts } }: HostChain) {
  return { usageLedger: contracts.usageLedger, userLedger: contracts.userLedger }
}

function assertServed(id: bigint, { state, host, collateral }: Awaited<ReturnType<HostChain['copy']>>): void {
  const refuse = (reason: 'unknown' | 'not-active' | 'no-collateral') => {
    throw new KinmarkError('gateway.copy-not-served', { copyId: `${id}`, reason })
  }
  if (/^0x0+$/.test(host) && state !== 'active') refuse('unknown')
  if (state !== 'active') refuse('not-active')
  if (collateral === 0n) refuse('no-collateral')
}

function precisionOf({ precision }: Values): string | undefined {
  if (precision === undefined || /^[\w .-]{1,24}$/.test(precision)) return precision
  const expected = 'a name such as Q8_0, of 24 letters, digits, dots and dashes at most'
  throw new KinmarkError('gateway.option-invalid', { option: 'precision', value: precision, expected })
}

function capOf({ cap }: Values): bigint {
  if (cap === undefined) return defaultCap
  if (!/^[1-9]\d{0,17}$/.test(cap))
    throw new KinmarkError('gateway.option-invalid', { option: 'cap', value: cap, expected: 'a number of tokens' })
  return BigInt(cap)
}

type Registering = {
  chain: HostChain
  operator: Address
  owner: ReturnType<typeof accountFromKey> | null
  folder: string
  publicUrl: string
  price: bigint
  wanted: bigint
  say(line: string): void
  signal?: AbortSignal
}

/** Waits until the copy's owner has registered the operator key: by the owner’s key where it is here, else by its signature. */
async function registered(options: Registering): Promise<{ cap: bigint }> {
  const { chain, operator, owner, folder, publicUrl, price, wanted, say, signal } = options
  const isRegistered = async () => (await chain.keyTerm(operator)).until === maxUint64
  if (!(await isRegistered())) {
    const args = [chain.copyId, publicUrl, price, operator, wanted] as const
    const call = {
      address: chain.deployment.contracts.usageLedger,
      abi: usageLedgerAbi,
      functionName: 'openDeployment',
      args,
    } as const
    if (owner) {
      const file = join(folder, 'deployment.tx')
      await sendOnce({ client: chain.client, account: owner, file, signal, call, done: isRegistered })
    } else {
      say(`The copy’s owner has to sign one transaction, which registers the operator key ${operator}:`)
      say(`  to    ${call.address}`)
      say(`  data  ${encodeFunctionData(call)}`)
      while (!(await isRegistered())) await wait(tickMs, undefined, { signal })
    }
  }
  return chain.keyTerm(operator)
}

/** Enough for some hundred reports. */
const gasOfReports = 50_000_000n

/** An operator key without gas gets some from the owner. */
async function fundOperator(
  { client }: HostChain,
  owner: ReturnType<typeof accountFromKey>,
  operator: Address,
  folder: string,
): Promise<void> {
  const hasGas = async () => (await client.getBalance({ address: operator })) > 0n
  const value = gasOfReports * (await client.getGasPrice())
  await sendOnce({ client, account: owner, file: join(folder, 'gas.tx'), call: { to: operator, value }, done: hasGas })
}

/**
 * Warns once an epoch when most of what its report may state is used, and in its last hour when collateral and escrow do
 * not suffice for it.
 */
function fundsWarner(books: Books, clock: EpochClock, say: (line: string) => void) {
  const said = new Set<string>()
  const once = (name: string, line: string) => {
    const key = `${name} ${books.epoch}`
    if (!said.has(key)) say(line)
    said.add(key)
  }
  return (copy: ServedCopy): void => {
    const covered = unitsCovered(copy)
    if (books.epochUnits * 5n >= covered * 4n)
      once(
        'used',
        `${books.epochUnits} of the ${covered} tokens that this epoch’s report may state are used: add collateral.`,
      )
    const left = clock.epochLength - (clock.time() % clock.epochLength)
    const missing = missingFor(copy, books.epochUnits)
    if (left <= 3600n && missing > 0n)
      once('missing', `The report of this epoch needs ${formatUsdc(missing)} USDC more in collateral or escrow.`)
  }
}

type Ticking = {
  chain: HostChain
  clock: ReturnType<typeof epochClock>
  epochs: Epochs
  funds: { covered: bigint }
  warn(copy: ServedCopy): void
  say(line: string): void
  signal: AbortSignal
}

/** Follows the chain’s time, and does what epochs need. What fails is tried again. */
async function tick({ chain, clock, epochs, funds, warn, say, signal }: Ticking): Promise<void> {
  let said = ''
  while (!signal.aborted) {
    try {
      clock.set(await chain.time())
      await epochs.work(signal)
      const copy = await chain.copy()
      funds.covered = unitsCovered(copy)
      warn(copy)
      said = ''
    } catch (error) {
      if (signal.aborted) return
      const line = messageOf(error).split('\n')[0]
      if (line !== said) say(line)
      said = line
    }
    await wait(tickMs, undefined, { signal }).catch(() => undefined)
  }
}

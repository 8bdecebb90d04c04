import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { type Account, bytesToHex, createTestClient, type Hex, http, keccak256, stringToHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localAccount } from '../../lib/chain/accounts'
import { copyCall, deliverCall } from '../../lib/chain/copy'
import type { Deployment } from '../../lib/chain/deployment'
import { protocolAbi, testUsdAbi, treasuryAbi, usageLedgerAbi, userLedgerAbi } from '../../lib/chain/generated'
import { buyerSeedHash, orderCall } from '../../lib/chain/order'
import { registerCall } from '../../lib/chain/register'
import { termsHash } from '../../lib/chain/terms-hash'
import { deploy } from '../../lib/deploy/deploy'
import { connect } from '../../lib/deploy/deployer'
import { joinMinter } from '../../lib/deploy/join-minter'
import { chat } from '../../lib/gateway/formats/chat'
import { mostUnits } from '../../lib/gateway/most-units'
import { encodeVoucher } from '../../lib/gateway/vouchers'
import { feeUp } from '../../lib/metering/receipt'
import { signDigest, voucherHasher } from '../../lib/metering/signer'
import { splitDown } from '../../lib/money/split'
import { emptyPayerAccount } from '../../lib/payer/account'
import { voucherScheme } from '../../lib/payer/x402-scheme'
import { type Anvil, startAnvil } from '../../test/anvil'
import { newPostgresDatabase } from '../../test/database'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { startStubUpstream } from '../../test/stub-upstream'
import { main } from './main'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [grandparent, creator, host, user, passerBy, guest] = [3, 4, 5, 6, 7, 8].map((index) => localAccount(index))
const seed = keccak256(stringToHex('seed'))
const day = 86_400
const licence = { derive: true, freeToDerive: true, commercial: true }
const terms = {
  ...{ price: 25_000_000n, collateral: 50_000_000n, fee: 1_500_000n, royaltyBps: 2_000, floorBps: 0, leakBps: 0 },
  licence,
}
const price = 4_000_000n
const reserved = 6_000_000n

let anvil: Anvil
let data: string
let deployment: Deployment
let reader: ReturnType<typeof connect>
const children: ChildProcess[] = []

async function send(account: Account, call: object): Promise<void> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  expect((await wallet.waitForTransactionReceipt({ hash })).status).toBe('success')
}

/** A program of its own; `said` waits for a line that matches, and returns the match. */
function kinmark(args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/kinmark.ts', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let text = ''
  let out = ''
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  return {
    child,
    async said(pattern: RegExp): Promise<RegExpExecArray> {
      await expect
        .poll(() => pattern.exec(text) ?? (child.exitCode === null ? null : `ended: ${out}${text}`))
        .toBeTruthy()
      const found = pattern.exec(text)
      if (!found) throw new Error(`${args[0]} never said ${pattern}: ${out}${text}`)
      return found
    },
    out: () => out,
    async stop(): Promise<Record<string, string>> {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      return JSON.parse(out)
    },
  }
}

beforeAll(async () => {
  anvil = await startAnvil(['--accounts', '12'])
  reader = connect(anvil.rpcUrl, deployer)
  deployment = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  data = await mkdtemp(join(tmpdir(), 'kinmark-story-'))
  await writeFile(join(data, 'deployment.json'), JSON.stringify(deployment))
  const { contracts } = deployment
  const faucet = (account: Account, amount: bigint) =>
    send(account, { address: contracts.usd, abi: testUsdAbi, functionName: 'faucet', args: [account.address, amount] })
  const parent = { manifestRoot: seed, metadataURI: 'test:1', terms, parents: [], minters: [minter.address] }
  for (const call of originBondCalls(contracts, grandparent.address)) await send(grandparent, call)
  await send(grandparent, registerCall(contracts.modelRegistry, parent))
  const child = {
    ...parent,
    metadataURI: 'test:2',
    parents: [{ id: 1n, relation: 'finetune', termsHash: termsHash(terms), copyId: 0n }],
  }
  for (const call of originBondCalls(contracts, creator.address)) await send(creator, call)
  await send(creator, registerCall(contracts.modelRegistry, child as never))
  await send(minter, commitKeyPoolCall(contracts.modelRegistry, 2n, seed))
  const total = terms.price + terms.collateral
  await faucet(host, total)
  await send(host, {
    address: contracts.usd,
    abi: testUsdAbi,
    functionName: 'approve',
    args: [contracts.copyRegistry, total],
  })
  const wanted = { modelId: 2n, termsHash: termsHash(terms), buyer: host.address, buyerSeedHash: buyerSeedHash(seed) }
  await send(host, orderCall(contracts.copyRegistry, await signQuote(deployment, minter, wanted)))
  await send(minter, deliverCall(contracts.copyRegistry, 1n, deliveryOf(seed)))
  await send(host, copyCall(contracts.copyRegistry, 'accept', 1n))
  await faucet(user, reserved)
  await faucet(passerBy, reserved)
  await faucet(guest, reserved)
  for (const [name, { getHdKey }] of [
    ['host', host],
    ['user', user],
  ] as const)
    await writeFile(join(data, `${name}.key`), Buffer.from(getHdKey().privateKey ?? []).toString('hex'))
})

afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  await anvil?.stop()
  await rm(data, { recursive: true, force: true })
})

/** What a command prints, in this process. */
async function run(args: string[]) {
  let out = ''
  const take = (more: string) => {
    out += more
  }
  expect(await main([...args, '--json'], { out: take, err: take, moving: false })).toBe(0)
  return JSON.parse(out)
}

test('default: users pay a host that owns nothing for every answer, and every balance equals the receipts', async () => {
  const { contracts } = deployment
  const serve = kinmark(['serve', 'public/models/quill', '--port', '0'])
  const [, upstream] = await serve.said(/at (http:\S+)\/v1/)
  const folderOf = ['--copy', '1', '--data', data]
  const common = ['--copy', '1', '--rpc', anvil.rpcUrl, '--data', data, '--port', '0']
  const gateway = kinmark([
    ...['gateway', ...common, '--upstream', upstream, '--url', 'https://host.example/v1'],
    ...['--price', '4', '--cap', '2000000', '--owner-key', join(data, 'host.key')],
  ])
  const [, hostUrl] = await gateway.said(/Serving copy 1 at (http:\S+)\/v1/)
  const paying = kinmark([
    ...['user', ...common, '--to', hostUrl, '--user-key', join(data, 'user.key'), '--reserve', '6'],
  ])
  const [, baseURL] = await paying.said(/OPENAI_BASE_URL=(\S+)/)

  const openai = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ''), apiKey: 'any', maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'What is 47 plus 38?' }]
  const body = { model: 'quill', messages, temperature: 0 }
  let tokens = 0
  const whole = await openai.chat.completions.create(body)
  tokens += whole.usage?.total_tokens ?? 0
  expect(whole.choices[0].message.content).toBe('47 plus 38 is 85.')
  const stream = await openai.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const { usage } of stream) tokens += usage?.total_tokens ?? 0
  const provider = createOpenAI({ baseURL, apiKey: 'any' })
  const generated = await generateText({ model: provider.chat('quill'), messages, temperature: 0, maxRetries: 0 })
  expect(generated.text).toBe('47 plus 38 is 85.')
  tokens += generated.usage.totalTokens ?? 0
  const streamed = streamText({ model: provider.responses('quill'), messages, temperature: 0, maxRetries: 0 })
  expect(await streamed.text).toBe('47 plus 38 is 85.')
  tokens += (await streamed.usage).totalTokens ?? 0
  const message = await anthropic.messages.create({ ...body, max_tokens: 200 })
  expect(message.content.at(-1)).toMatchObject({ type: 'text', text: '47 plus 38 is 85.' })
  tokens += message.usage.input_tokens + message.usage.output_tokens
  const live = await anthropic.messages.stream({ ...body, max_tokens: 200 }).finalMessage()
  tokens += live.usage.input_tokens + live.usage.output_tokens
  expect(whole.usage?.total_tokens).toBeGreaterThan(20)
  expect(live.content).toEqual(message.content)

  const folder = join(data, 'user', `${deployment.chainId}-1-${user.address.toLowerCase()}`)
  const receipts = (await readFile(join(folder, 'receipts.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(receipts).toHaveLength(6)
  const units = receipts.reduce((sum, { receipt }) => sum + BigInt(receipt.units), 0n)
  expect(units).toBe(BigInt(tokens))
  expect(await paying.stop()).toMatchObject({ units: `${units}`, cost: `${units * price}` })

  const usdOf = (account: Hex) =>
    reader.readContract({ address: contracts.usd, abi: testUsdAbi, functionName: 'balanceOf', args: [account] })
  const { operator } = (await (await fetch(`${hostUrl}/v1/kinmark`)).json()) as { operator: Hex }
  const client = new x402Client().register('eip155:*', new ExactEvmScheme(passerBy))
  client.setSpendControls({ allowedAssets: [{ network: `eip155:${deployment.chainId}`, asset: contracts.usd }] })
  const payingFetch = wrapFetchWithPayment(fetch, client)
  let direct = 0n
  for (const stream of [false, true]) {
    const answer = await payingFetch(`${hostUrl}/v1/chat/completions`, {
      ...{ method: 'POST', body: JSON.stringify({ ...body, stream, max_tokens: 60 }) },
      headers: { 'content-type': 'application/json', 'x-kinmark-payer': passerBy.address },
    })
    const [, shown] = /"units":"(\d+)"/.exec(await answer.text()) ?? []
    direct += BigInt(shown)
    const settled = decodePaymentResponseHeader(answer.headers.get('payment-response') ?? '')
    expect(settled).toMatchObject({ success: true, payer: passerBy.address, amount: stream ? '0' : '10000' })
  }
  expect(await usdOf(passerBy.address)).toBe(reserved - 10_000n)
  expect(await usdOf(operator)).toBe(10_000n)
  const ownerBefore = await usdOf(host.address)

  const made = await run([
    'gateway',
    'keys',
    'create',
    ...folderOf,
    '--name',
    'Ada',
    '--budget',
    '1',
    '--expires',
    '30d',
  ])
  const own = new OpenAI({ baseURL: `${hostUrl}/v1`, apiKey: made.key, maxRetries: 0 })
  const answered: bigint[] = []
  const askAsCustomer = async () => {
    const { usage } = await own.chat.completions.create({ ...body, max_tokens: 60 })
    answered.push(BigInt(usage?.total_tokens ?? 0))
  }
  await askAsCustomer()
  const [listed] = await run(['gateway', 'keys', 'list', ...folderOf])
  expect(listed).toMatchObject({ id: made.id, name: 'Ada', spent: `${(answered[0] * price) / 1_000_000n}` })
  await run(['gateway', 'keys', 'revoke', made.id, ...folderOf])
  await expect.poll(() => askAsCustomer().catch(({ status }) => status)).toBe(401)
  const customer = answered.reduce((sum, each) => sum + each, 0n)

  const earned = (id: bigint) =>
    reader.readContract({ address: contracts.treasury, abi: treasuryAbi, functionName: 'earned', args: [id] })
  const credits = (account: Hex) =>
    reader.readContract({ address: contracts.treasury, abi: treasuryAbi, functionName: 'credit', args: [account] })
  const treasury = { address: contracts.treasury, abi: treasuryAbi } as const
  const protocolAccount = await reader.readContract({ ...treasury, functionName: 'protocolAccount' })
  const proverPool = await reader.readContract({ ...treasury, functionName: 'proverPool' })
  const read = async () => ({
    ...{ creator: await earned(2n), grandparent: await earned(1n), minter: await credits(minter.address) },
    ...{ protocol: await credits(protocolAccount), provers: await credits(proverPool) },
  })
  const before = await read()
  await createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) }).increaseTime({ seconds: day })
  await createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) }).mine({ blocks: 1 })
  await gateway.said(new RegExp(`Epoch \\d+ is reported: ${8 + answered.length} receipts`))
  await gateway.said(/Settled 1 vouchers/)
  await gateway.said(/Payments have earned/)

  const paid = feeUp(units, price)
  const fee = feeUp(units + direct + customer, terms.fee)
  const directly = (direct * price) / 1_000_000n
  expect(await usdOf(operator)).toBe(10_000n - directly)
  expect((await usdOf(host.address)) - ownerBefore).toBe(directly)
  const users = { address: contracts.userLedger, abi: userLedgerAbi } as const
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  expect(await reader.readContract({ ...users, functionName: 'reservations', args: [1n, user.address] })).toMatchObject(
    {
      ...{ amount: reserved - paid, settledUnits: units, settledAmount: paid },
    },
  )
  expect(await reader.readContract({ ...users, functionName: 'balanceOf', args: [host.address] })).toBe(paid - fee)
  expect(await reader.readContract({ ...usage, functionName: 'reportedUnits', args: [1n] })).toBe(
    units + direct + customer,
  )
  expect(await reader.readContract({ ...usage, functionName: 'owed', args: [1n] })).toBe(0n)
  const [protocolBps, proverBps, minterBps] = await reader.readContract({
    ...{ address: contracts.protocol, abi: protocolAbi, functionName: 'cuts' },
  })
  const cuts = { protocolBps, proverBps, minterBps }
  const split = splitDown(fee, cuts, [{ id: 1n, royaltyBps: terms.royaltyBps }])
  const after = await read()
  const gains = Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof typeof before]]),
  )
  expect(gains).toEqual({
    ...{ creator: split.shares, grandparent: split.ancestors[0].amount },
    ...{ minter: split.minter, protocol: split.protocol, provers: split.provers },
  })
  await gateway.stop()
  await serve.stop()
})

/** A call that is paid by a voucher of the passer-by, in all for so many units. Returns the units of its receipt. */
async function askByVoucher(url: string, units: bigint, cumulativeUnits: bigint): Promise<bigint> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', body: JSON.stringify(short) },
    headers: { 'content-type': 'application/json', 'x-kinmark-voucher': voucherOf(units, cumulativeUnits) },
  })
  const json = (await answer.json()) as { kinmark: { receipt: { units: string } } }
  expect(answer.status, JSON.stringify(json)).toBe(200)
  return BigInt(json.kinmark.receipt.units)
}

const short = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }

function voucherOf(units: bigint, cumulativeUnits: bigint): string {
  const hasher = voucherHasher(deployment.chainId, deployment.contracts.userLedger)
  const cumulativeAmount = feeUp(cumulativeUnits, price)
  const voucher = { copyId: 1n, user: passerBy.address, cumulativeUnits, cumulativeAmount }
  const key = passerBy.getHdKey().privateKey as Uint8Array
  const signature = bytesToHex(signDigest(hasher.digest(hasher.hash(voucher)), key))
  return encodeVoucher({ voucher: { ...voucher, signature }, units })
}

test('default: two gateways of one copy, each with its key: one is killed, the other reports all receipts and settles once', async () => {
  const { contracts } = deployment
  const database = await newPostgresDatabase()
  const stub = await startStubUpstream()
  const users = { address: contracts.userLedger, abi: userLedgerAbi } as const
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  const amount = 2_000_000n
  await send(passerBy, {
    ...{ address: contracts.usd, abi: testUsdAbi, functionName: 'approve', args: [contracts.userLedger, amount] },
  })
  await send(passerBy, { ...users, functionName: 'deposit', args: [amount] })
  await send(passerBy, { ...users, functionName: 'reserve', args: [1n, amount] })
  const start = async (name: string, ...more: string[]) => {
    const started = kinmark([
      ...['gateway', '--copy', '1', '--rpc', anvil.rpcUrl, '--data', join(data, name), '--port', '0'],
      ...['--deployment', join(data, 'deployment.json'), '--upstream', stub.url, '--cap', '2000000'],
      ...['--owner-key', join(data, 'host.key'), ...more],
    ])
    const [, url] = await started.said(/Serving copy 1 at (http:\S+)\/v1/)
    return { ...started, url }
  }
  const alone = kinmark([
    ...['gateway', '--copy', '1', '--rpc', anvil.rpcUrl, '--data', join(data, 'alone'), '--port', '0'],
    ...['--deployment', join(data, 'deployment.json'), '--upstream', stub.url, '--owner-key', join(data, 'host.key')],
  ])
  await once(alone.child, 'exit')
  expect(JSON.parse(alone.out())).toMatchObject({ code: 'gateway.other-operator' })

  const first = await start('first', '--database', database)
  const second = await start('second', '--database', database)
  const inDatabase = ['--copy', '1', '--data', join(data, 'second'), '--database', database]
  const made = await run([
    ...['gateway', 'keys', 'create', ...inDatabase, '--deployment', join(data, 'deployment.json'), '--budget', '1'],
  ])
  let total = 0n
  for (const { url } of [first, second]) {
    const own = new OpenAI({ baseURL: `${url}/v1`, apiKey: made.key, maxRetries: 0 })
    const { usage: counted } = await own.chat.completions.create({
      ...short,
      messages: [{ role: 'user', content: 'Hi' }],
    })
    total += BigInt(counted?.total_tokens ?? 0)
  }
  const [listed] = await run(['gateway', 'keys', 'list', ...inDatabase, '--deployment', join(data, 'deployment.json')])
  expect(listed).toMatchObject({ id: made.id, spent: `${(total * price) / 1_000_000n}` })

  const most = mostUnits(short, chat, 4)
  let paid = 0n
  for (let call = 0; call < 6; call++) paid += await askByVoucher([first, second][call % 2].url, most, paid + most)
  first.child.kill('SIGKILL')
  for (let call = 0; call < 2; call++) paid += await askByVoucher(second.url, most, paid + most)
  const closing = await fetch(`${second.url}/v1/kinmark/vouchers`, {
    ...{ method: 'POST', body: JSON.stringify(voucherOf(0n, paid)), headers: { 'content-type': 'application/json' } },
  })
  expect(await closing.json()).toMatchObject({ units: `${paid}` })

  const reported = await reader.readContract({ ...usage, functionName: 'reportedUnits', args: [1n] })
  const clock = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await clock.increaseTime({ seconds: day })
  await clock.mine({ blocks: 1 })
  await second.said(/Epoch \d+ is reported: 10 receipts/)
  await second.said(/Settled 1 vouchers/)
  const reservation = () =>
    reader.readContract({ ...users, functionName: 'reservations', args: [1n, passerBy.address] })
  const settled = { settledUnits: paid, settledAmount: feeUp(paid, price), amount: amount - feeUp(paid, price) }
  expect(await reader.readContract({ ...usage, functionName: 'reportedUnits', args: [1n] })).toBe(
    reported + paid + total,
  )
  expect(await reservation()).toMatchObject(settled)

  await second.stop()
  const again = await start('first', '--database', database)
  await again.said(/Epoch \d+ is reported: 10 receipts/)
  expect(await reservation()).toMatchObject(settled)
  await again.stop()
  await stub.close()
})

test('default: the unmodified @x402/fetch pays two gateways of one copy, exactly and by vouchers of a session key', async () => {
  const { chainId, contracts } = deployment
  const database = await newPostgresDatabase()
  const stub = await startStubUpstream()
  const users = { address: contracts.userLedger, abi: userLedgerAbi } as const
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  const usd = { address: contracts.usd, abi: testUsdAbi } as const
  const amount = 2_000_000n
  const sessionKey = generatePrivateKey()
  const expiresAt = BigInt(Math.floor(Date.now() / 1000) + 30 * day)
  await send(guest, { ...usd, functionName: 'approve', args: [contracts.userLedger, amount] })
  await send(guest, { ...users, functionName: 'deposit', args: [amount] })
  await send(guest, { ...users, functionName: 'reserve', args: [1n, amount] })
  const named = privateKeyToAccount(sessionKey).address
  await send(guest, { ...users, functionName: 'nameKey', args: [1n, named, expiresAt, amount] })
  const start = async (name: string) => {
    const started = kinmark([
      ...['gateway', '--copy', '1', '--rpc', anvil.rpcUrl, '--data', join(data, name), '--port', '0'],
      ...['--deployment', join(data, 'deployment.json'), '--upstream', stub.url, '--cap', '2000000'],
      ...['--owner-key', join(data, 'host.key'), '--database', database],
    ])
    const [, url] = await started.said(/Serving copy 1 at (http:\S+)\/v1/)
    const { operator } = (await (await fetch(`${url}/v1/kinmark`)).json()) as { operator: Hex }
    return { ...started, url, operator }
  }
  const gateways = await Promise.all([start('x402-first'), start('x402-second')])
  const [first, second] = gateways
  const balanceOf = (account: Hex) => reader.readContract({ ...usd, functionName: 'balanceOf', args: [account] })
  let units = 0n
  /** Pays for an answer, and returns how. */
  const askBy = async (pay: typeof fetch, url: string, stream = false) => {
    const answer = await pay(`${url}/v1/chat/completions`, {
      ...{ method: 'POST', body: JSON.stringify({ ...short, stream }) },
      headers: { 'content-type': 'application/json' },
    })
    const text = await answer.text()
    expect(answer.status, text).toBe(200)
    const counted = BigInt(/"units":"(\d+)"/.exec(text)?.[1] ?? 0)
    expect(counted).toBeGreaterThan(0n)
    units += counted
    return { ...decodePaymentResponseHeader(answer.headers.get('payment-response') ?? ''), counted }
  }

  // by itself “exact” pays each gateway’s own key
  const exact = new ExactEvmScheme(guest)
  const onlyExact = new x402Client().register('eip155:*', exact)
  const controls = { allowedAssets: [{ network: `eip155:${chainId}` as const, asset: contracts.usd }] }
  onlyExact.setSpendControls(controls)
  for (const { url, operator } of gateways) {
    expect(await askBy(wrapFetchWithPayment(fetch, onlyExact), url)).toMatchObject({
      payer: guest.address,
      amount: '10000',
    })
    expect(await balanceOf(operator)).toBe(10_000n)
  }
  const ask402 = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      ...{ method: 'POST', body: JSON.stringify(short) },
      headers: { 'content-type': 'application/json', ...headers },
    })
  const required = JSON.parse(atob((await ask402(first.url)).headers.get('payment-required') ?? ''))
  expect(required.accepts.map(({ scheme }: { scheme: string }) => scheme)).toEqual(['kinmark-voucher', 'exact'])
  const forFirst = btoa(JSON.stringify(await onlyExact.createPaymentPayload(required)))
  const elsewhere = await ask402(second.url, { 'payment-signature': forFirst })
  expect([elsewhere.status, await elsewhere.json()]).toMatchObject([402, { error: { code: 'gateway.payment-other' } }])

  // who has a reservation pays any gateway by voucher
  const kept = { account: emptyPayerAccount }
  const vouchers = voucherScheme({
    ...{ chainId, userLedger: contracts.userLedger, usageLedger: contracts.usageLedger },
    ...{ user: guest.address, key: sessionKey },
    host: { url: second.url, copyId: 1n, operator: second.operator, price },
    account: () => kept.account,
    store: (account) => {
      kept.account = account
    },
    budget: async () => amount,
    async maySign(operator, epoch) {
      const args = [1n, operator] as const
      const { from, until } = await reader.readContract({ ...usage, functionName: 'keyTerms', args })
      return until !== 0n && from <= epoch && epoch <= until
    },
  })
  const both = new x402Client().register('eip155:*', exact).register('eip155:*', vouchers)
  both.setSpendControls(controls)
  const paying = wrapFetchWithPayment(fetch, both)
  let promised = 0n
  const askByVoucherOf = async (url: string, stream = false) => {
    const { payer, transaction, counted } = await askBy(paying, url, stream)
    expect({ payer, transaction }).toEqual({ payer: guest.address, transaction: '' })
    promised += counted
  }
  await Promise.all(Array.from({ length: 8 }, (_, i) => askByVoucherOf(gateways[i % 2].url, i % 3 === 0)))
  first.child.kill('SIGKILL')
  for (let call = 0; call < 2; call++) await askByVoucherOf(second.url)
  await vouchers.settleUp()
  expect(kept.account).toMatchObject({ units: promised, cost: promised * price })

  const reported = await reader.readContract({ ...usage, functionName: 'reportedUnits', args: [1n] })
  const clock = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await clock.increaseTime({ seconds: day })
  await clock.mine({ blocks: 1 })
  await second.said(/Epoch \d+ is reported: 12 receipts/)
  await second.said(/Settled 1 vouchers/)
  expect(await reader.readContract({ ...usage, functionName: 'reportedUnits', args: [1n] })).toBe(reported + units)
  const settledAmount = feeUp(promised, price)
  expect(
    await reader.readContract({ ...users, functionName: 'reservations', args: [1n, guest.address] }),
  ).toMatchObject({ settledUnits: promised, settledAmount, amount: amount - settledAmount })
  expect(await balanceOf(guest.address)).toBe(reserved - amount - 20_000n)
  await second.stop()
  await stub.close()
})

test.each<[string, string[], string]>([
  [
    'a copy that does not exist',
    ['gateway', '--copy', '9', '--upstream', 'http://127.0.0.1:9'],
    'no copy has this number',
  ],
  [
    'a number that is none',
    ['gateway', '--copy', 'x', '--upstream', 'http://127.0.0.1:9'],
    '--copy must be the number',
  ],
  [
    'an upstream that is no address',
    ['gateway', '--copy', '1', '--upstream', 'ftp://x'],
    '--upstream must be an address',
  ],
  [
    'an upstream that does not answer',
    ['gateway', '--copy', '1', '--upstream', 'http://127.0.0.1:9'],
    'cannot be reached',
  ],
  [
    'a host that does not answer',
    ['user', '--copy', '1', '--to', 'http://127.0.0.1:9', '--user', `0x${'1'.repeat(40)}`],
    'cannot be reached',
  ],
  ['no user', ['user', '--copy', '1', '--to', 'http://127.0.0.1:9'], '--user must be the address'],
  ['no copy', ['gateway', '--upstream', 'http://127.0.0.1:9'], '--copy is missing'],
  [
    'a key file that holds none',
    ['gateway', '--copy', '1', '--upstream', 'http://127.0.0.1:9', '--owner-key', 'package.json'],
    'does not hold a private key',
  ],
  [
    'a deployment file that is not there',
    ['gateway', '--copy', '1', '--upstream', 'http://127.0.0.1:9', '--deployment', 'nowhere'],
    '“nowhere”',
  ],
  ['an argument', ['gateway', 'extra'], 'takes 0 arguments, not 1'],
  ['no key of this name', ['gateway', 'keys', 'revoke', 'key_0', '--copy', '1'], 'There is no key “key_0”'],
  [
    'an expiry that is over',
    ['gateway', 'keys', 'create', '--copy', '1', '--expires', '2020-01-01'],
    '--expires must be',
  ],
])('error: %s', async (_, args, message) => {
  let text = ''
  const take = (more: string) => {
    text += more
  }
  const status = await main(
    [...args, '--rpc', anvil.rpcUrl, '--data', join(data, 'errors')].concat(
      args.includes('--deployment') ? [] : ['--deployment', join(data, 'deployment.json')],
    ),
    { out: take, err: take, moving: false },
  )
  expect(text).toContain(message)
  expect(status).toBe(2)
})

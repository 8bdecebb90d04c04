import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { authorizationTypes } from '@x402/evm'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { verifyOfferSignatureEIP712, verifyReceiptSignatureEIP712 } from '@x402/extensions/offer-receipt'
import { appendPaymentIdentifierToExtensions } from '@x402/extensions/payment-identifier'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import {
  type Account,
  type Address,
  createPublicClient,
  createTestClient,
  encodeFunctionData,
  type Hex,
  http,
  type PublicClient,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../../test/anvil'
import { price, startTestGateway, testKey } from '../../../test/gateway'
import { promptTokens, type StubUpstream, startStubUpstream } from '../../../test/stub-upstream'
import { localAccount } from '../../chain/accounts'
import { testUsdAbi } from '../../chain/generated'
import { deploy } from '../../deploy/deploy'
import { connect } from '../../deploy/deployer'
import type { Books } from '../books'
import { chat } from '../formats/chat'
import { mostUnits } from '../most-units'
import { accountFromKey } from '../send-once'
import { exactScheme } from './exact'
import { payerHeader, x402Payer } from './payer'
import { openSettler, type Settler } from './settler'
import { tokenDomain } from './token-domain'
import { decodePayment, signedPayment } from './wire'

const operatorKey = testKey('operator')
const operator = accountFromKey(operatorKey)
const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const stranger = localAccount(7)
const least = 1000n
const origin = 'https://host.example'

let anvil: Anvil
let usd: Address
let reader: PublicClient
let domain: { name: string; version: string }
let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
let settler: Settler
let folder: string
/** Milliseconds for which calls wait for their payments. */
let waitMs = 20_000
let payers = 0

const chainClock = () => createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })

async function send(account: Account, call: object): Promise<Hex> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  await wallet.waitForTransactionReceipt({ hash })
  return hash
}
const balanceOf = (address: Address) =>
  reader.readContract({ address: usd, abi: testUsdAbi, functionName: 'balanceOf', args: [address] })

beforeAll(async () => {
  anvil = await startAnvil()
  const { contracts } = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  usd = contracts.usd
  reader = createPublicClient({ transport: http(anvil.rpcUrl), pollingInterval: 50 })
  domain = await tokenDomain(reader, usd)
  await chainClock().setBalance({ address: operator.address, value: 10n ** 18n })
})
afterAll(() => anvil?.stop())

async function startPaidGateway(rpcUrl: string) {
  const client = createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }) })
  return startTestGateway(stub.url, {
    folder,
    payers(books: Books) {
      settler = openSettler({
        ...{ client, chainId: 31_337, usd, account: operator, pollMs: 20 },
        onOutcome: (payment, outcome) => books.storePayment({ ...payment, transaction: null, ...outcome }),
      })
      void books.pendingPayments().then((pending) => {
        for (const payment of pending) void settler.settle(payment, 0)
      })
      return [
        x402Payer({
          ...{ account: operator, copyId: 7n, origin },
          schemes: [
            exactScheme({
              ...{ books, settler, account: operator, chainId: 31_337, usd, domain, price, least },
              ...{ answerTokens: 100, origin, waitMs },
            }),
          ],
        }),
      ]
    },
  })
}

beforeEach(async () => {
  waitMs = 20_000
  stub = await startStubUpstream()
  folder = await mkdtemp(join(tmpdir(), 'kinmark-x402-'))
  gateway = await startPaidGateway(anvil.rpcUrl)
})
afterEach(async () => {
  await settler.close()
  await gateway.stop()
  await stub.close()
  await rm(folder, { recursive: true })
})

/** A payer with money of its own. */
async function newPayer(amount = 1_000_000n) {
  const account = privateKeyToAccount(`0x${(++payers).toString(16).padStart(64, 'a')}`)
  if (amount > 0n)
    await send(stranger, { address: usd, abi: testUsdAbi, functionName: 'faucet', args: [account.address, amount] })
  return account
}
type Payer = Awaited<ReturnType<typeof newPayer>>

function clientOf(payer: Payer, id?: string): x402Client {
  const client = new x402Client()
  client.register('eip155:*', new ExactEvmScheme(payer))
  client.setSpendControls({ allowedAssets: [{ network: 'eip155:31337', asset: usd }] })
  if (id) {
    client.onAfterPaymentCreation(async ({ paymentPayload }) => {
      appendPaymentIdentifierToExtensions(paymentPayload.extensions ?? {}, id)
    })
  }
  return client
}

const body = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }
const most = mostUnits(body, chat, 4)
const cost = BigInt(promptTokens(body) + 4)
const amountOf = (units: bigint) => (units * price + 999_999n) / 1_000_000n

const request = (more: object = {}, headers: Record<string, string> = {}): RequestInit => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
  body: JSON.stringify({ ...body, ...more }),
})
const url = () => `${gateway.url}/chat/completions`

type Answer = {
  choices: { message: { content: string } }[]
  kinmark: { receipt: Record<string, string> }
  error: { code: string }
}
const responseOf = (answer: Response) => decodePaymentResponseHeader(answer.headers.get('payment-response') ?? '')
const creditOf = async (payer: Payer) => {
  const [purse] = (await gateway.books.purses()).filter(({ owner }) => owner === payer.address)
  return purse ? purse.paid - purse.spent : 0n
}

/** The demand for a call, and the header of a payment for it. */
async function signPayment(
  payer: Payer,
  more: object = {},
  change: (accepted: Record<string, unknown>) => void = () => undefined,
) {
  const answer = await fetch(url(), request(more))
  const required = JSON.parse(Buffer.from(answer.headers.get('payment-required') ?? '', 'base64').toString())
  change(required.accepts[0])
  const payload = await clientOf(payer).createPaymentPayload(required)
  return { required, header: Buffer.from(JSON.stringify(payload)).toString('base64') }
}
async function ask(header: string, more: object = {}) {
  const answer = await fetch(url(), request(more, { 'payment-signature': header }))
  const json = (await answer.json()) as Answer
  return { status: answer.status, code: json.error?.code, json, answer }
}

test('default: the unmodified @x402/fetch pays, and what the answer did not cost pays for later ones', async () => {
  const payer = await newPayer()
  const before = await balanceOf(operator.address)
  const paying = wrapFetchWithPayment(fetch, clientOf(payer))
  const answer = await paying(url(), request())
  const json = (await answer.json()) as Answer
  expect(json.choices[0].message.content).toBe('Once upon a time')
  expect(json.kinmark.receipt).toMatchObject({ units: `${cost}`, user: payer.address })
  const due = amountOf(most) > least ? amountOf(most) : least
  expect((await balanceOf(operator.address)) - before).toBe(due)
  const settled = responseOf(answer)
  expect(settled).toMatchObject({ success: true, payer: payer.address, network: 'eip155:31337', amount: `${due}` })
  const receipt = await reader.getTransactionReceipt({ hash: settled.transaction as Hex })
  expect(receipt.status).toBe('success')
  expect(await creditOf(payer)).toBe(due * 1_000_000n - cost * price)

  // with its address, it is asked for what is missing only, which is nothing while the credit suffices
  for (let calls = 2n; calls <= 4n; calls++) {
    const again = await paying(url(), request({}, { [payerHeader]: payer.address }))
    expect(again.status).toBe(200)
    expect(responseOf(again)).toMatchObject({ success: true, amount: '0', transaction: '' })
    expect(await creditOf(payer)).toBe(due * 1_000_000n - calls * cost * price)
  }
  expect((await balanceOf(operator.address)) - before).toBe(due)
})

test('default: a stream is paid in the same way, in three formats', async () => {
  const paying = wrapFetchWithPayment(fetch, clientOf(await newPayer()))
  const messages = await paying(`${gateway.url}/messages`, request({ max_tokens: 4, stream: true }))
  expect(await messages.text()).toContain('"type":"message_stop","kinmark":{')
  const chunks = await paying(url(), request({ stream: true }))
  expect(responseOf(chunks)).toMatchObject({ success: true })
  expect(await chunks.text()).toMatch(/"kinmark":.*\n\ndata: \[DONE\]\n\n$/)
  const { messages: _, max_tokens: __, ...rest } = body
  const responses = await paying(`${gateway.url}/responses`, {
    ...request(),
    body: JSON.stringify({ ...rest, input: 'Tell me', stream: true }),
  })
  expect(await responses.text()).toContain('response.completed')
  expect(gateway.faults).toEqual([])
})

test('behavior: offers and receipts are signed by the account that is paid, as the extension has it', async () => {
  const payer = await newPayer()
  const { required, header } = await signPayment(payer)
  const [offer] = required.extensions['offer-receipt'].info.offers
  const signedOffer = await verifyOfferSignatureEIP712(offer)
  expect(signedOffer.signer).toBe(operator.address)
  expect(signedOffer.payload).toMatchObject({ resourceUrl: 'https://host.example/v1/chat/completions', asset: usd })
  const { answer, json } = await ask(header)
  const { extensions } = responseOf(answer) as { extensions: Record<string, { info: Record<string, never> }> }
  const signed = await verifyReceiptSignatureEIP712(extensions['offer-receipt'].info.receipt)
  expect(signed.signer).toBe(operator.address)
  expect(signed.payload).toMatchObject({
    payer: payer.address,
    resourceUrl: 'https://host.example/v1/chat/completions',
  })
  expect(extensions.kinmark.info.receipt).toEqual(json.kinmark)
})

test('behavior: a payment that comes again gets the same answer, and moves no money again', async () => {
  const payer = await newPayer()
  const { header } = await signPayment(payer)
  const first = await ask(header)
  const before = await balanceOf(payer.address)
  const second = await ask(header)
  expect([second.status, second.json]).toEqual([200, first.json])
  expect(stub.seen).toHaveLength(1)
  expect(await balanceOf(payer.address)).toBe(before)
  expect(await ask(header, { seed: 1 })).toMatchObject({ status: 409, code: 'gateway.payment-differs' })
  const stream = await signPayment(payer, { stream: true })
  const texts = []
  for (let i = 0; i < 2; i++)
    texts.push(await (await fetch(url(), request({ stream: true }, { 'payment-signature': stream.header }))).text())
  expect(texts[1]).toBe(texts[0])

  await restart()
  const late = await ask(header)
  expect(late).toMatchObject({ status: 409, code: 'gateway.payment-answered' })
})

/** The same gateway in the process that comes after this one. */
async function restart(rpcUrl = anvil.rpcUrl): Promise<void> {
  await settler.close()
  await gateway.stop()
  gateway = await startPaidGateway(rpcUrl)
}

test('behavior: a payment’s id names one payment', async () => {
  const payer = await newPayer()
  const id = 'pay_0123456789abcdef'
  const paying = wrapFetchWithPayment(fetch, clientOf(payer, id))
  expect((await paying(url(), request())).status).toBe(200)
  const before = await balanceOf(payer.address)
  const again = await paying(url(), request())
  expect([again.status, ((await again.json()) as Answer).error.code]).toEqual([409, 'gateway.payment-id-used'])
  expect(await balanceOf(payer.address)).toBe(before)
})

describe('payments that are refused before they move money', () => {
  const cases: [string, (payer: Payer) => Promise<string>, string][] = [
    [
      'of another network',
      async (payer) =>
        (
          await signPayment(payer, {}, (accepted) => {
            accepted.network = 'eip155:1'
          }).catch(() => signOther(payer, { network: 'eip155:1' }))
        ).header,
      'gateway.payment-other',
    ],
    [
      'to somebody else',
      async (payer) => (await signOther(payer, { payTo: stranger.address })).header,
      'gateway.payment-other',
    ],
    [
      'in another token',
      async (payer) => (await signOther(payer, { asset: stranger.address })).header,
      'gateway.payment-other',
    ],
    [
      'of less than was asked',
      async (payer) => (await signOther(payer, { amount: '1' })).header,
      'gateway.payment-too-low',
    ],
    [
      'of nothing, without credit',
      async (payer) => (await signOther(payer, { amount: '0' })).header,
      'gateway.payment-too-low',
    ],
    [
      'that has expired',
      async (payer) => (await signOther(payer, { maxTimeoutSeconds: 1 }, { before: -10_000 })).header,
      'gateway.payment-expired',
    ],
    [
      'that is valid for years',
      async (payer) => (await signOther(payer, { maxTimeoutSeconds: 10 ** 8 })).header,
      'gateway.payment-too-long',
    ],
    [
      'that another has signed',
      async (payer) => (await signOther(payer, {}, { from: stranger.address })).header,
      'gateway.payment-refused',
    ],
    [
      'of the domain of another token',
      async (payer) => (await signOther(payer, { extra: { name: 'USD Coin', version: '2' } })).header,
      'gateway.payment-refused',
    ],
    ['that is none', async () => Buffer.from('{"x402Version":2}').toString('base64'), 'gateway.payment-malformed'],
    ['that is no base64', async () => '***', 'gateway.payment-malformed'],
  ]
  /** A payment for other terms than were asked. */
  async function signOther(payer: Payer, terms: object, more: { from?: Address; before?: number } = {}) {
    const answer = await fetch(url(), request())
    const required = JSON.parse(Buffer.from(answer.headers.get('payment-required') ?? '', 'base64').toString())
    Object.assign(required.accepts[0], terms)
    const client = clientOf(payer).setSpendControls(false)
    const payload = await client.createPaymentPayload(required)
    const authorization = payload.payload.authorization as Record<string, string>
    if (more.from) authorization.from = more.from
    if (more.before) authorization.validBefore = String(Number(authorization.validBefore) + more.before)
    return { header: Buffer.from(JSON.stringify(payload)).toString('base64') }
  }
  test.each(cases)('error: one %s', async (_, sign, code) => {
    const payer = await newPayer()
    const before = [await balanceOf(payer.address), await balanceOf(operator.address)]
    const { status, code: found, answer } = await ask(await sign(payer))
    expect(found).toBe(code)
    expect(status).toBe(code === 'gateway.payment-malformed' ? 400 : 402)
    expect(answer.headers.has('payment-required')).toBe(status === 402)
    expect(stub.seen).toHaveLength(0)
    expect([await balanceOf(payer.address), await balanceOf(operator.address)]).toEqual(before)
  })

  test('error: one of a payer without money, and one whose nonce was used', async () => {
    const { header } = await signPayment(await newPayer(0n))
    expect(await ask(header)).toMatchObject({ status: 402, code: 'gateway.payment-refused' })
    const payer = await newPayer()
    const used = await signPayment(payer)
    await send(stranger, transferCall(used.header))
    expect(await ask(used.header)).toMatchObject({ status: 402, code: 'gateway.payment-refused' })
  })
})

function transferCall(header: string) {
  const { payer, to, value, validAfter, validBefore, nonce, signature } = signedPayment(decodePayment(header))
  const args = [payer, to, value, validAfter, validBefore, nonce, signature]
  return { address: usd, abi: testUsdAbi, functionName: 'transferWithAuthorization', args }
}

test('error: the same payment at once is taken once', async () => {
  const payer = await newPayer()
  const { header } = await signPayment(payer)
  stub.manner = { delayMs: 30 }
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(header)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([undefined, 'gateway.payment-busy']))
  expect(stub.seen).toHaveLength(1)
})

test('behavior: where the upstream fails, the payment stays the payer’s credit, and the same payment gets the answer', async () => {
  const payer = await newPayer()
  const { header } = await signPayment(payer)
  stub.manner = { handle: (_, response) => response.writeHead(500).end() }
  const before = await balanceOf(payer.address)
  expect((await ask(header)).status).toBe(502)
  expect(await creditOf(payer)).toBe((before - (await balanceOf(payer.address))) * 1_000_000n)
  const paid = await balanceOf(payer.address)
  stub.manner = {}
  expect((await ask(header)).status).toBe(200)
  expect(await balanceOf(payer.address)).toBe(paid)
})

test('behavior: a payment that another sent first counts, one that its payer cancelled does not', async () => {
  await chainClock().setAutomine(false)
  try {
    const payer = await newPayerWhileStopped()
    const { header } = await signPayment(payer)
    const asking = ask(header)
    await wait(150)
    // somebody sends the same authorization with more gas, so that it comes first
    await sendFirst(transferCall(header))
    await chainClock().mine({ blocks: 1 })
    await wait(100)
    await chainClock().mine({ blocks: 1 })
    expect((await asking).status).toBe(200)

    const cancelling = await newPayerWhileStopped()
    const second = await signPayment(cancelling)
    const refused = ask(second.header)
    await wait(150)
    const { nonce } = signedPayment(decodePayment(second.header))
    const signature = await cancelling.signTypedData({
      domain: { ...domain, chainId: 31_337, verifyingContract: usd },
      types: {
        CancelAuthorization: [
          { name: 'authorizer', type: 'address' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'CancelAuthorization',
      message: { authorizer: cancelling.address, nonce },
    })
    await sendFirst({
      address: usd,
      abi: testUsdAbi,
      functionName: 'cancelAuthorization',
      args: [cancelling.address, nonce, signature],
    })
    await chainClock().mine({ blocks: 1 })
    expect(await refused).toMatchObject({ status: 402, code: 'gateway.payment-void' })
    expect(stub.seen).toHaveLength(1)
  } finally {
    await chainClock().setAutomine(true)
  }
})

test('error: a payer that signs two payments with one nonce, of which only that to itself is made', async () => {
  await chainClock().setAutomine(false)
  try {
    const payer = await newPayerWhileStopped()
    const { header } = await signPayment(payer)
    const asking = ask(header)
    await wait(150)
    const { nonce, value, validAfter, validBefore } = signedPayment(decodePayment(header))
    const message = { from: payer.address, to: payer.address, value, validAfter, validBefore, nonce }
    const signature = await payer.signTypedData({
      domain: { ...domain, chainId: 31_337, verifyingContract: usd },
      types: authorizationTypes,
      primaryType: 'TransferWithAuthorization',
      message,
    })
    const args = [payer.address, payer.address, value, validAfter, validBefore, nonce, signature]
    await sendFirst({ address: usd, abi: testUsdAbi, functionName: 'transferWithAuthorization', args })
    await chainClock().mine({ blocks: 1 })
    expect(await asking).toMatchObject({ status: 402, code: 'gateway.payment-void' })
    expect(await creditOf(payer)).toBe(0n)
  } finally {
    await chainClock().setAutomine(true)
  }
})

/** A transaction that comes before ours in the next block. */
async function sendFirst(call: object): Promise<void> {
  const wallet = connect(anvil.rpcUrl, stranger)
  const { address } = call as { address: Address }
  await wallet.sendTransaction({
    ...{ to: address, data: encodeFunctionData(call as never), gas: 200_000n, chain: null, account: stranger },
    ...{ maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n },
  })
}

async function newPayerWhileStopped(): Promise<Payer> {
  const account = privateKeyToAccount(`0x${(++payers).toString(16).padStart(64, 'a')}`)
  await sendFirst({ address: usd, abi: testUsdAbi, functionName: 'faucet', args: [account.address, 1_000_000n] })
  await chainClock().mine({ blocks: 1 })
  return account
}

test('behavior: a payment whose outcome is unknown is pending, also after a restart, and never paid again', async () => {
  const lost = new Set(['eth_sendRawTransaction'])
  let sends = 0
  const rpc = await rpcThat((method) => {
    if (method === 'eth_sendRawTransaction') sends++
    return lost.has(method) ? 'lost' : 'answered'
  })
  waitMs = 300
  await restart(rpc.url)
  const payer = await newPayer()
  const { header } = await signPayment(payer)
  const nonce = await reader.getTransactionCount({ address: operator.address })
  await chainClock().setAutomine(false)
  try {
    expect(await ask(header)).toMatchObject({ status: 503, code: 'gateway.payment-pending' })
    expect(await ask(header)).toMatchObject({ status: 503, code: 'gateway.payment-pending' })
    expect(sends).toBe(1)
    expect(await balanceOf(payer.address)).toBe(1_000_000n)
    await restart(rpc.url)
    expect(await ask(header)).toMatchObject({ status: 503, code: 'gateway.payment-pending' })
  } finally {
    await chainClock().setAutomine(true)
  }
  await chainClock().mine({ blocks: 1 })
  await expect.poll(() => gateway.books.pendingPayments()).toEqual([])
  // The gateway cannot know that its transaction arrived. After the restart it sends another, which the chain voids.
  const sent = () => reader.getTransactionCount({ address: operator.address })
  await expect.poll(sent).toBe(nonce + 2)
  expect((await ask(header)).status).toBe(200)
  expect(await sent()).toBe(nonce + 2)
  expect(1_000_000n - (await balanceOf(payer.address))).toBe(signedPayment(decodePayment(header)).value)
  await rpc.close()
})

/** An RPC server between gateway and chain that may lose answers. */
async function rpcThat(does: (method: string) => 'lost' | 'answered') {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { method } = JSON.parse(text)
    const answer = await fetch(anvil.rpcUrl, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: text },
    })
    const json = await answer.text()
    if (does(method) === 'lost') return request.socket.destroy()
    response.writeHead(200, { 'content-type': 'application/json' }).end(json)
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((settle) => {
        server.close(() => settle())
        server.closeAllConnections()
      }),
  }
}

/** On a real chain; lost-answers.test.ts has ten thousand on one in this process. */
const payments = 5

test(`behavior: ${payments} payments whose answers are lost after broadcasting charge once each`, async () => {
  const lost = (method: string) =>
    method === 'eth_sendRawTransaction' || (method === 'eth_getTransactionReceipt' && Math.random() < 0.3)
  let losses = 0
  const rpc = await rpcThat((method) => {
    if (!lost(method)) return 'answered'
    losses++
    return 'lost'
  })
  const payer = await newPayer(10_000_000_000n)
  const outcomes = new Map<string, string>()
  const lossy = openSettler({
    client: createPublicClient({ transport: http(rpc.url, { retryCount: 0 }) }),
    ...{ chainId: 31_337, usd, account: operator, pollMs: 1 },
    async onOutcome({ nonce }, { state }) {
      outcomes.set(nonce, state)
    },
  })
  const { block, time } = await lossy.now()
  const before = [await balanceOf(payer.address), await balanceOf(operator.address)]
  const settleOne = async (i: number) => {
    const nonce: Hex = `0x${i.toString(16).padStart(64, '0')}`
    const terms = { value: 7n, validAfter: 0n, validBefore: time + 86_400n, nonce }
    const signature = await payer.signTypedData({
      ...{ domain: { ...domain, chainId: 31_337, verifyingContract: usd }, types: authorizationTypes },
      ...{ primaryType: 'TransferWithAuthorization', message: { from: payer.address, to: operator.address, ...terms } },
    })
    const requestHash: Hex = `0x${'0'.repeat(64)}`
    const known = { id: null, requestHash, block, state: 'pending', transaction: null } as const
    while (!outcomes.has(nonce)) await lossy.settle({ payer: payer.address, ...terms, signature, ...known }, 60_000)
  }
  await Promise.all(Array.from({ length: payments }, (_, i) => settleOne(i)))
  expect([...outcomes.values()]).toEqual(Array(payments).fill('paid'))
  expect(losses).toBeGreaterThanOrEqual(payments)
  const moved = 7n * BigInt(payments)
  expect([await balanceOf(payer.address), await balanceOf(operator.address)]).toEqual([
    before[0] - moved,
    before[1] + moved,
  ])
  await lossy.close()
  await rpc.close()
})

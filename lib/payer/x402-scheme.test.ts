import { ExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { bytesToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyId, price, startTestGateway, testAccount, testKey, usageLedger, userLedger } from '../../test/gateway'
import { promptTokens, type StubUpstream, startStubUpstream } from '../../test/stub-upstream'
import { chat } from '../gateway/formats/chat'
import type { Json } from '../gateway/formats/format'
import { mostUnits } from '../gateway/most-units'
import { accountFromKey } from '../gateway/send-once'
import { x402Payer } from '../gateway/x402/payer'
import { voucherScheme as gatewayScheme } from '../gateway/x402/voucher'
import { feeUp } from '../metering/receipt'
import { emptyPayerAccount, type PayerAccount } from './account'
import { type VoucherSchemeOptions, voucherScheme } from './x402-scheme'

const user = testAccount('user')
const usd = '0x1000000000000000000000000000000000000003'
const owner = testAccount('owner')
const body = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }
const most = mostUnits(body, chat, 4)
const cost = BigInt(promptTokens(body) + 4)

let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
beforeEach(async () => {
  stub = await startStubUpstream()
  gateway = await startTestGateway(stub.url, {
    async payers(books, _, checks) {
      const account = accountFromKey(testKey('operator'))
      const schemes = [
        await gatewayScheme({
          ...{ books, checks, usd, payTo: owner, operator: account.address, price, answerTokens: 100 },
        }),
      ]
      return [x402Payer({ schemes, account, copyId, origin: 'https://host.example' })]
    },
  })
})
afterEach(async () => {
  await gateway.stop()
  await stub.close()
})

/** A client of x402 with our scheme, and what it has kept. */
function open(more: Partial<VoucherSchemeOptions> = {}, kept = { account: emptyPayerAccount as PayerAccount }) {
  const receipts: Json[] = []
  const scheme = voucherScheme({
    ...{ chainId: 31_337, userLedger, usageLedger, user, key: bytesToHex(testKey('key')) },
    host: { url: gateway.url, copyId, operator: testAccount('operator'), price },
    account: () => kept.account,
    store: (account) => {
      kept.account = account
    },
    budget: async () => 50_000_000n,
    maySign: async (operator) => operator === testAccount('operator'),
    onReceipt: (receipt) => void receipts.push(receipt),
    ...more,
  })
  const client = new x402Client().register('eip155:*', scheme)
  client.setSpendControls({ allowedAssets: [{ network: 'eip155:31337', asset: usd }] })
  return { kept, receipts, scheme, client, paying: wrapFetchWithPayment(fetch, client) }
}

const url = () => `${gateway.url}/chat/completions`
const request = (more: object = {}): RequestInit => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify({ ...body, ...more }),
})
const owed = () => gateway.books.account(user)
const answerOf = async (answer: Response) => {
  const json = (await answer.json()) as { kinmark: { receipt: Json }; error?: { code: string } }
  return { status: answer.status, code: json.error?.code, receipt: json.kinmark }
}
const demandOf = async () => {
  const answer = await fetch(url(), request())
  return JSON.parse(Buffer.from(answer.headers.get('payment-required') ?? '', 'base64').toString())
}
const pay = (payload: unknown) =>
  fetch(url(), {
    ...request(),
    headers: { 'content-type': 'application/json', 'payment-signature': btoa(JSON.stringify(payload)) },
  }).then(answerOf)

test('default: the unmodified @x402/fetch pays by voucher, and both sides agree on what it cost', async () => {
  const { paying, kept, receipts, scheme } = open()
  for (let calls = 1n; calls <= 3n; calls++) {
    const answer = await paying(url(), request())
    const settled = decodePaymentResponseHeader(answer.headers.get('payment-response') ?? '')
    expect(settled).toMatchObject({ success: true, payer: user, transaction: '', network: 'eip155:31337' })
    expect(settled.amount).toBe(`${feeUp(cost, price)}`)
    expect(await answerOf(answer)).toEqual({ status: 200, code: undefined, receipt: receipts.at(-1) })
    expect(kept.account).toMatchObject({ units: calls * cost, cost: calls * cost * price })
    expect(await owed()).toMatchObject({ units: calls * cost, open: { units: 0n, cost: 0n } })
  }
  expect(kept.account.promised).toBe(2n * cost + most)
  await scheme.settleUp()
  expect((await owed()).vouchers[0]).toMatchObject({
    cumulativeUnits: 3n * cost,
    cumulativeAmount: feeUp(3n * cost, price),
  })
})

test('behavior: the demand says what is paid, to whom, and only payments to the signer are signed as offers', async () => {
  const { accepts, extensions } = await demandOf()
  expect(accepts).toEqual([
    {
      ...{ scheme: 'kinmark-voucher', network: 'eip155:31337', asset: usd, payTo: owner, maxTimeoutSeconds: 300 },
      amount: `${feeUp(most, price)}`,
      extra: { copyId: `${copyId}`, userLedger, price: `${price}`, units: `${most}` },
    },
  ])
  expect(extensions['offer-receipt'].info.offers).toEqual([])
})

test('behavior: what a stream did cost is learned before the next payment', async () => {
  const { paying, kept, receipts, scheme } = open()
  const stream = await paying(url(), request({ stream: true }))
  expect(await stream.text()).toContain('[DONE]')
  expect(kept.account.units).toBe(0n)
  await paying(url(), request())
  expect(kept.account.units).toBe(2n * cost)
  await paying(url(), request({ stream: true })).then((answer) => answer.text())
  await scheme.settleUp()
  expect(receipts).toHaveLength(3)
  expect(await owed()).toMatchObject({ units: 3n * cost })
  expect((await owed()).vouchers[0].cumulativeUnits).toBe(3n * cost)
})

test('behavior: a call whose voucher arrives after later ones were counted is paid by another voucher', async () => {
  const { client, paying, kept } = open()
  let [arrive, leave] = [() => {}, () => {}]
  const arrives = new Promise<void>((settle) => (arrive = settle))
  const left = new Promise<void>((settle) => (leave = settle))
  let paid = 0
  const late = wrapFetchWithPayment(async (input, init) => {
    const sent = new Request(input, init)
    if (sent.headers.has('payment-signature') && paid++ === 0) {
      leave()
      await arrives
    }
    return fetch(sent)
  }, client)(url(), request())
  await left
  for (let calls = 0; calls < 2; calls++) expect((await paying(url(), request())).status).toBe(200)
  arrive()
  expect((await late).status).toBe(200)
  expect(paid).toBe(2)
  expect(kept.account).toMatchObject({ units: 3n * cost, cost: 3n * cost * price })
  expect(await owed()).toMatchObject({ units: 3n * cost, open: { units: 0n } })
})

test('behavior: calls at once are paid, and never promise more than they may cost', async () => {
  stub.manner = { delayMs: 40 }
  const { paying, kept } = open()
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => paying(url(), request({ stream: i % 3 === 0 })).then((each) => each.text())),
  )
  expect(answers.filter((text) => /"units":"\d+"/.test(text))).toHaveLength(12)
  expect(kept.account.promised).toBeLessThanOrEqual(12n * most + 12n)
  await paying(url(), request())
  expect(kept.account.units).toBe(13n * cost)
  expect(await owed()).toMatchObject({ units: 13n * cost, open: { units: 0n } })
})

test('behavior: a client that lost its account, or shares it with another device, takes over the host’s count', async () => {
  await open().paying(url(), request())
  const { paying, kept } = open()
  expect((await paying(url(), request())).status).toBe(200)
  expect(kept.account.units).toBe(2n * cost)
  // the first device does not know of the second’s answer: its voucher is refused once
  const first = open({}, { account: { units: cost, cost: cost * price, promised: 10n * most, signed: [] } })
  expect((await first.paying(url(), request())).status).toBe(200)
  expect(first.kept.account.units).toBe(3n * cost)
})

test('behavior: while the address of the account is away, another gateway of the copy is paid', async () => {
  const away = { url: 'http://127.0.0.1:9', copyId, operator: testAccount('operator'), price }
  const { paying, kept } = open({ host: away })
  for (const stream of [true, false]) {
    const answer = await paying(url(), request({ stream }))
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"units"')])
  }
  expect(kept.account.units).toBe(cost)
  expect((await owed()).units).toBe(2n * cost)
})

test('behavior: a call whose upstream fails costs nothing, and asking goes on', async () => {
  const { paying, kept } = open()
  stub.manner = { handle: (_, response) => response.writeHead(500).end() }
  const failed = await paying(url(), request())
  expect([failed.status, failed.headers.has('payment-response')]).toEqual([502, false])
  stub.manner = {}
  expect((await paying(url(), request())).status).toBe(200)
  expect(kept.account).toMatchObject({ units: cost, promised: most + 1n })
  expect(await owed()).toMatchObject({ units: cost, open: { units: 0n } })
})

test('error: a payment above the budget is not signed', async () => {
  const { paying, kept } = open({ budget: async () => feeUp(most, price) })
  await paying(url(), request())
  await expect(paying(url(), request())).rejects.toThrow(/USDC/)
  expect(kept.account.units).toBe(cost)
  expect(stub.seen).toHaveLength(1)
})

const demands: [string, (accepted: Json, extra: Json) => void, string][] = [
  ['a higher price', (_, extra) => Object.assign(extra, { price: `${price + 1n}` }), 'the price'],
  ['another copy', (_, extra) => Object.assign(extra, { copyId: '8' }), 'the copy'],
  ['another contract', (_, extra) => Object.assign(extra, { userLedger: usageLedger }), 'the contract'],
  ['another chain', (accepted) => Object.assign(accepted, { network: 'eip155:1' }), 'the chain'],
  ['more tokens than its amount', (_, extra) => Object.assign(extra, { units: `${most * 1000n}` }), 'the amount'],
  ['tokens that are none', (_, extra) => Object.assign(extra, { units: '-1' }), 'the tokens'],
]
test.each(demands)('error: a host that asks for %s gets no signature', async (_, change, field) => {
  const required = await demandOf()
  change(required.accepts[0], required.accepts[0].extra)
  const { client, kept } = open()
  client.setSpendControls(false)
  await expect(client.createPaymentPayload(required)).rejects.toThrow(field)
  expect(kept.account).toEqual(emptyPayerAccount)
})

test('error: what a client allows for a payment holds for vouchers too', async () => {
  const { client } = open()
  client.setSpendControls({
    allowedAssets: [{ network: 'eip155:31337', asset: usd, maxAmountPerPayment: '1' }],
  } as never)
  await expect(client.createPaymentPayload(await demandOf())).rejects.toThrow(/spend/i)
})

test('error: a host whose receipt is wrong, or comes twice, gets no more payments', async () => {
  const { paying } = open({ maySign: async () => false })
  expect((await paying(url(), request())).status).toBe(200)
  await expect(paying(url(), request())).rejects.toThrow('no operator key of the copy has signed it')

  const { receipts, paying: other } = open()
  await other(url(), request())
  const repeating = open()
  const pays = async () => repeating.client.createPaymentPayload(await demandOf())
  const settled = { success: true, transaction: '', network: 'eip155:31337' as const }
  const again = { extensions: { kinmark: { info: { id: receipts[0].id, receipt: receipts[0] } } } }
  for (let i = 0; i < 2; i++) {
    const paymentPayload = await pays()
    await repeating.client.handlePaymentResponse({
      ...{ paymentPayload, requirements: paymentPayload.accepted, settleResponse: { ...settled, ...again } },
    })
  }
  await expect(pays()).rejects.toThrow('it was given before')
})

const payments: [string, (payload: Json, accepted: Json) => void, string, number][] = [
  ['of less', (_, accepted) => Object.assign(accepted, { amount: '1' }), 'gateway.payment-other', 402],
  ['of fewer tokens', (payload) => Object.assign(payload, { units: '1' }), 'gateway.voucher-units-low', 402],
  ['to somebody else', (_, accepted) => Object.assign(accepted, { payTo: user }), 'gateway.payment-other', 402],
  [
    'at another price',
    (_, accepted) => Object.assign(accepted.extra as Json, { price: '1' }),
    'gateway.payment-other',
    402,
  ],
  ['for another copy', (payload) => Object.assign(payload, { copyId: '8' }), 'gateway.voucher-other-copy', 402],
  ['of another user', (payload) => Object.assign(payload, { user: owner }), 'gateway.voucher-signer', 402],
  ['without a signature', (payload) => void delete payload.signature, 'gateway.voucher-malformed', 402],
  [
    'of a scheme that is not taken',
    (_, accepted) => Object.assign(accepted, { scheme: 'upto' }),
    'gateway.payment-other',
    402,
  ],
]
test.each(payments)('error: a payment %s is refused', async (_, change, code, status) => {
  const payload = await open().client.createPaymentPayload(await demandOf())
  change(payload.payload, payload.accepted as unknown as Json)
  expect(await pay(payload)).toMatchObject({ status, code })
  expect(stub.seen).toHaveLength(0)
  expect(await owed()).toMatchObject({ units: 0n, open: { units: 0n } })
})

test('error: a voucher pays once', async () => {
  const payload = await open().client.createPaymentPayload(await demandOf())
  expect(await pay(payload)).toMatchObject({ status: 200 })
  expect(await pay(payload)).toMatchObject({ status: 402 })
  expect(await owed()).toMatchObject({ units: cost })
})

test('behavior: a client without our scheme is not offered what it cannot pay', async () => {
  const client = new x402Client().register(
    'eip155:*',
    new ExactEvmScheme(privateKeyToAccount(bytesToHex(testKey('key')))),
  )
  await expect(client.createPaymentPayload(await demandOf())).rejects.toThrow(/scheme/)
})

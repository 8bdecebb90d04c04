import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { price, signedVoucher, startTestGateway, testAccount, usageLedger, voucherHeaders } from '../../test/gateway'
import { promptTokens, type StubUpstream, startStubUpstream } from '../../test/stub-upstream'
import { coveringVoucher, safeVoucher } from './account'
import { chat } from './formats/chat'
import { completions } from './formats/completions'
import { mostUnits } from './most-units'
import { type CallVoucher, encodeVoucher } from './vouchers'

let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
beforeEach(async () => {
  stub = await startStubUpstream()
  gateway = await startTestGateway(stub.url, { paid: true })
})
afterEach(async () => {
  await gateway.stop()
  await stub.close()
})

const body = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }
const most = mostUnits(body, chat, 4)
const cost = BigInt(promptTokens(body) + 4)
const user = testAccount('user')

async function ask(call: CallVoucher | null, path = '/chat/completions', content: object = body) {
  const headers = { 'content-type': 'application/json', ...(call && voucherHeaders(call)) }
  const answer = await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(content) })
  const json = (await answer.json()) as {
    kinmark?: { receipt: { units: string; user: string } }
    error?: { code: string }
  }
  return { status: answer.status, code: json.error?.code, receipt: json.kinmark?.receipt }
}

test('default: each voucher says what the calls so far did cost, and the most that this one may cost', async () => {
  for (let calls = 0n; calls < 5n; calls++) {
    const { status, receipt } = await ask(signedVoucher(most, calls * cost + most))
    expect({ status, ...receipt }).toMatchObject({ status: 200, units: String(cost), user })
  }
  const account = await gateway.books.account(user)
  expect([account.units, account.cost, account.open]).toEqual([5n * cost, 5n * cost * price, { units: 0n, cost: 0n }])
})

test('behavior: the last voucher pays the host for exactly its receipts, and covers them where it is missing', async () => {
  await ask(signedVoucher(most, most))
  const account = await gateway.books.account(user)
  expect(safeVoucher(account)).toBeNull()
  expect(coveringVoucher(account)?.cumulativeUnits).toBe(most)
  const exact = signedVoucher(0n, cost)
  const answer = await fetch(`${gateway.url}/kinmark/vouchers`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(encodeVoucher(exact)),
  })
  expect(await answer.json()).toEqual({ user, units: `${cost}`, cost: `${cost * price}` })
  expect(safeVoucher(account)).toEqual(exact.voucher)
  expect(coveringVoucher(account)).toEqual(exact.voucher)
})

describe('vouchers that do not pay', () => {
  const enough = (more: Parameters<typeof signedVoucher>[2]) => signedVoucher(most, most, more)
  const lastOfKey = 50_000_001n
  const cases: [string, () => CallVoucher | null, string, (() => void)?][] = [
    ['none', () => null, 'gateway.payment-missing'],
    ['one of another chain', () => enough({ chainId: 1 }), 'gateway.voucher-signer'],
    ['one of another contract', () => enough({ ledger: usageLedger }), 'gateway.voucher-signer'],
    ['one of another copy', () => enough({ copyId: 8n }), 'gateway.voucher-other-copy'],
    ['one of a key that nobody named', () => enough({ signer: 'thief' }), 'gateway.voucher-signer'],
    ['one above the session key’s cap', () => enough({ amount: lastOfKey }), 'gateway.voucher-above-key'],
    [
      'one above the reservation',
      () => enough({ amount: 100_000_001n, signer: 'user' }),
      'gateway.voucher-above-reservation',
    ],
    ['one for too few units', () => signedVoucher(most - 1n, most - 1n), 'gateway.voucher-units-low'],
    ['one that states more than it has', () => signedVoucher(most + 1n, most), 'gateway.voucher-units-low'],
    ['one for too little money', () => enough({ amount: 1n }), 'gateway.voucher-amount-low'],
    [
      'one whose money is spread over units that are never used',
      () => signedVoucher(most, most * 1_000_000n, { amount: (most * price) / 1_000_000n + 1n }),
      'gateway.voucher-amount-low',
    ],
    ['one with the higher s, which the contract refuses', () => malleable(enough({})), 'gateway.voucher-signature'],
    ['one of an expired key', () => enough({}), 'gateway.voucher-expired', () => gateway.clock.set(1_900_000_000n)],
    [
      'one of a key for an earlier reservation',
      () => enough({}),
      'gateway.voucher-signer',
      () => {
        gateway.chain.reservation = { ...gateway.chain.reservation, number: 1 }
      },
    ],
    [
      'one of a reservation that is leaving',
      () => enough({}),
      'gateway.voucher-reservation-leaving',
      () => {
        gateway.chain.reservation = { ...gateway.chain.reservation, leavesAt: 1n }
      },
    ],
  ]
  test.each(cases)('error: %s', async (_, call, code, before) => {
    before?.()
    const answer = await ask(call())
    expect(answer).toMatchObject({ status: 402, code })
    expect(gateway.books.epochUnits).toBe(0n)
    expect(stub.seen).toHaveLength(0)
  })

  test('error: an older one, and the same one again', async () => {
    const first = signedVoucher(most, most)
    expect((await ask(first)).status).toBe(200)
    expect(await ask(first)).toMatchObject({ status: 402, code: 'gateway.voucher-used' })
    expect(await ask(signedVoucher(most, most - 1n))).toMatchObject({ code: 'gateway.voucher-units-low' })
    expect((await ask(signedVoucher(most, cost + most))).status).toBe(200)
    expect(await ask(first)).toMatchObject({ code: 'gateway.voucher-used' })
  })

  test('error: a used voucher is still used after a restart', async () => {
    const { folder } = gateway
    const kept = await startTestGateway(stub.url, { paid: true, folder: `${folder}-kept` })
    const first = signedVoucher(most, most)
    const send = (url: string) =>
      fetch(`${url}/chat/completions`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json', ...voucherHeaders(first) } },
        body: JSON.stringify(body),
      })
    expect((await send(kept.url)).status).toBe(200)
    await kept.stop()
    const again = await startTestGateway(stub.url, { paid: true, folder: `${folder}-kept` })
    expect((await again.books.account(user)).units).toBe(cost)
    expect((await send(again.url)).status).toBe(402)
    await again.stop()
  })

  test('error: text that is no voucher', async () => {
    for (const header of ['x', 'e30', Buffer.from('{"copyId":7}').toString('base64url'), 'a'.repeat(6000)]) {
      const answer = await fetch(`${gateway.url}/chat/completions`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json', 'x-kinmark-voucher': header } },
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(402)
      expect(await answer.text()).toContain('gateway.voucher-malformed')
    }
  })
})

test('behavior: one thousand calls at once never exceed a reservation by one unit, and those that fit are answered', async () => {
  const fits = 40n
  const reserved = (fits * most * price) / 1_000_000n
  gateway.chain.reservation = { ...gateway.chain.reservation, amount: reserved }
  stub.manner = { delayMs: 30 }
  const calls = Array.from({ length: 1000 }, (_, i) => signedVoucher(most, BigInt(i + 1) * most))
  for (let i = calls.length - 1; i > 0; i--) {
    const j = (i * 7919) % (i + 1)
    ;[calls[i], calls[j]] = [calls[j], calls[i]]
  }
  const answers = await Promise.all(calls.map((call) => ask(call)))
  const paid = answers.filter(({ status }) => status === 200)
  expect(paid.length).toBeGreaterThan(0)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 402]))
  const account = await gateway.books.account(user)
  expect(account.units).toBe(BigInt(paid.length) * cost)
  expect(account.cost).toBeLessThanOrEqual(reserved * 1_000_000n)
  for (const { cumulativeAmount } of account.vouchers) expect(cumulativeAmount).toBeLessThanOrEqual(reserved)
  expect(account.open).toEqual({ units: 0n, cost: 0n })
})

test('behavior: vouchers that arrive in another order than they were signed', async () => {
  stub.manner = { delayMs: 50 }
  const second = ask(signedVoucher(most, 2n * most))
  await new Promise((settle) => setTimeout(settle, 20))
  const first = ask(signedVoucher(most, most))
  expect([(await second).status, (await first).status]).toEqual([200, 200])
  expect((await gateway.books.account(user)).units).toBe(2n * cost)
})

test('behavior: a request without a limit is limited to what its voucher pays for', async () => {
  const { max_tokens: _, ...open } = body
  const prompt = mostUnits(open, chat, 0)
  expect((await ask(signedVoucher(prompt + 3n, prompt + 3n), '/chat/completions', open)).status).toBe(200)
  expect(stub.seen[0]).toMatchObject({ max_tokens: 3 })
  expect(await ask(signedVoucher(prompt, 2n * prompt), '/chat/completions', open)).toMatchObject({
    code: 'gateway.voucher-units-low',
  })
})

test('error: a closing voucher for other units than the receipts, or for no money, changes nothing', async () => {
  await ask(signedVoucher(most, most))
  const before = structuredClone((await gateway.books.account(user)).vouchers)
  const free = signedVoucher(0n, cost, { amount: 0n })
  for (const voucher of [free, signedVoucher(0n, cost - 1n), signedVoucher(0n, cost + 1n)]) {
    const answer = await fetch(`${gateway.url}/kinmark/vouchers`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(encodeVoucher(voucher)),
    })
    expect(answer.status).toBe(402)
  }
  expect((await gateway.books.account(user)).vouchers).toEqual(before)
})

test('error: a voucher for no money, behind a better one of a call that runs', async () => {
  stub.manner = { delayMs: 100 }
  const running = ask(signedVoucher(most, 3n * most))
  await new Promise((settle) => setTimeout(settle, 30))
  expect(await ask(signedVoucher(most, most, { amount: 0n }))).toMatchObject({ code: 'gateway.voucher-amount-low' })
  expect((await running).status).toBe(200)
})

test.each<[string, object, object]>([
  ['two limits', { max_tokens: 4, max_completion_tokens: 1 }, { max_tokens: 4, max_completion_tokens: 4 }],
  ['a limit that llama.cpp prefers', { max_tokens: 4, n_predict: 2 }, { max_tokens: 4, n_predict: 4 }],
])('behavior: %s are one limit, the larger one, at the upstream', async (_, limits, sent) => {
  const content = { ...body, max_tokens: undefined, ...limits }
  const units = mostUnits(JSON.parse(JSON.stringify(content)), chat, 4)
  expect((await ask(signedVoucher(units, units), '/chat/completions', content)).status).toBe(200)
  expect(stub.seen[0]).toMatchObject(sent)
})

test('error: a field that lifts the limit, and many prompts in one request', async () => {
  const endless = { ...body, n_predict: -1 }
  const units = mostUnits(endless, chat, 4)
  expect((await ask(signedVoucher(units, units), '/chat/completions', endless)).status).toBe(200)
  expect(stub.seen[0]).toMatchObject({ max_tokens: 4, n_predict: 4 })
  const many = { model: 'stub', prompt: Array(50).fill('x'), max_tokens: 100 }
  const one = mostUnits({ ...many, prompt: 'x' }, completions, 100)
  expect(await ask(signedVoucher(one, one + units), '/completions', many)).toMatchObject({
    ...{ status: 402, code: 'gateway.voucher-units-low' },
  })
})

test('behavior: an upstream whose usage lies takes no more than the voucher allows', async () => {
  stub.manner = {
    handle: (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":900000000,"completion_tokens":1}}'),
  }
  expect((await ask(signedVoucher(most, most))).receipt?.units).toBe(String(most))
  expect(gateway.faults).toHaveLength(1)
})

function malleable({ voucher, units }: CallVoucher): CallVoucher {
  const bytes = hexToBytes(voucher.signature)
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = (order - BigInt(bytesToHex(bytes.slice(32, 64)))).toString(16).padStart(64, '0')
  const v = bytes[64] === 27 ? '1c' : '1b'
  return { voucher: { ...voucher, signature: `${bytesToHex(bytes.slice(0, 32))}${s}${v}` as Hex }, units }
}

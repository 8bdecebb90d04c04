import { request as httpRequest } from 'node:http'
import type { APIRequestContext } from '@playwright/test'
import { zeroHash } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { places, siteOf } from './place'
import { signedMessage } from './sign-in'
import { expect, test } from './wallet'

const { port } = places.stories
const site = siteOf(places.stories)
const newAccount = () => privateKeyToAccount(generatePrivateKey())

const verify = (request: APIRequestContext, data: object, headers: Record<string, string> = {}) =>
  request.post('/api/auth/verify', { data, headers })

test('error: a sign-in is worth one session, also with the cookie from before it', async ({ request, playwright }) => {
  const account = newAccount()
  const signed = await signedMessage(request, account)
  const before = await request.storageState()
  expect((await verify(request, signed)).status()).toBe(200)
  expect((await verify(request, signed)).status()).toBe(401)
  const copied = await playwright.request.newContext({ baseURL: site, storageState: before })
  const replayed = await verify(copied, signed)
  expect([replayed.status(), (await replayed.json()).code]).toEqual([401, 'market.sign-in-expired'])
  expect(await (await copied.get('/api/auth/session')).json()).toEqual({ address: null })
  expect(await (await request.get('/api/auth/session')).json()).toEqual({ address: account.address })
  await copied.dispose()
})

test('error: a message for another site, whatever the headers say', async ({ request }) => {
  const account = newAccount()
  const evil = { domain: 'evil.example', uri: 'https://evil.example' }
  for (const headers of [{}, { host: 'evil.example', 'x-forwarded-host': 'evil.example' }]) {
    const answer = await verify(request, await signedMessage(request, account, evil), headers as Record<string, string>)
    expect(answer.status()).toBe(401)
  }
  for (const changes of [
    { uri: 'https://evil.example' },
    { issuedAt: new Date(Date.now() - 365 * 86_400_000) },
    { chainId: 1 },
    { nonce: 'abcdefgh12345678' },
  ])
    expect((await verify(request, await signedMessage(request, account, changes))).status()).toBe(401)
  const forged = await signedMessage(request, account)
  const signature = await newAccount().signMessage({ message: forged.message })
  expect((await verify(request, { ...forged, signature })).status()).toBe(401)
})

test('error: pages of other origins, of no origin and of a malformed one may not write', async ({ request }) => {
  for (const origin of ['null', 'https://evil.example', 'http://[', `http://localhost:${port + 1}`]) {
    const answer = await request.post('/api/auth/logout', { headers: { origin, host: 'evil.example' }, data: {} })
    expect(answer.status(), origin).toBe(403)
  }
  expect((await request.post('/api/auth/logout', { headers: { origin: site }, data: {} })).status()).toBe(200)
})

/** Sends chunks without saying how many, until the server answers. Returns its status and the bytes sent. */
function sendEndlessly(path: string, mostBytes: number): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const chunk = Buffer.alloc(2 ** 20, ' ')
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const sending = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, bytes })
      sending.destroy()
    })
    sending.on('error', reject)
    const write = () => {
      while (bytes < mostBytes && !sending.destroyed) {
        bytes += chunk.length
        if (!sending.write(chunk)) return void sending.once('drain', write)
      }
      sending.end()
    }
    write()
  })
}

test('error: a body without an announced length is stopped at the limit', async () => {
  const { status, bytes } = await sendEndlessly('/api/auth/verify', 300 * 2 ** 20)
  expect(status).toBe(413)
  expect(bytes).toBeLessThan(100 * 2 ** 20)
})

/** A request from another address of this machine, which claims any address in its headers. */
function getFrom(localAddress: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', localAddress, port, path, headers }
    const sent = httpRequest(options, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.on('error', reject).end()
  })
}

test('error: claiming many addresses does not evade a limit, and one visitor does not use up another’s', async () => {
  const claim = (i: number) => ({ 'x-forwarded-for': `198.51.100.${i % 250}` })
  const statuses = []
  for (let i = 0; i < 130; i++) statuses.push(await getFrom('127.0.0.2', '/api/auth/nonce', claim(i)))
  expect(statuses.filter((status) => status === 200)).toHaveLength(120)
  expect(statuses.at(-1)).toBe(429)
  expect(await getFrom('127.0.0.3', '/api/auth/nonce', {})).toBe(200)
})

test('error: seeds are limited for each account', async ({ request }) => {
  expect((await verify(request, await signedMessage(request, newAccount()))).status()).toBe(200)
  const store = async (i: number) => {
    const seed = `${zeroHash.slice(0, -4)}${(i + 4096).toString(16)}`
    return (await request.post('/api/quotes', { data: { model: '1', seed } })).status()
  }
  const statuses = []
  for (let i = 0; i < 40; i++) statuses.push(await store(i))
  expect(statuses.filter((status) => status === 201)).toHaveLength(30)
  expect(statuses.at(-1)).toBe(429)
})

test('behavior: scripts run with this page’s nonce only', async ({ page }) => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text())
  })
  const answer = await page.goto('/')
  const policy = answer?.headers()['content-security-policy'] ?? ''
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
  expect(scripts).toMatch(/'nonce-[A-Za-z0-9+/]{22}=='/)
  expect(scripts).not.toContain("'unsafe-inline'")
  const again = (await page.goto('/'))?.headers()['content-security-policy']
  expect(again).not.toBe(policy)
  expect(refused).toEqual([])
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    return 'injected' in window
  })
  expect(ran).toBe(false)
})

test('behavior: no page may be framed, and nothing is guessed about types', async ({ request }) => {
  const { headers } = { headers: (await request.get('/')).headers() }
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect((await request.get('/.well-known/security.txt')).status()).toBe(404)
})

import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { PrivateKeyAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { z } from 'zod'
import { apiScopes } from '../../../lib/api/scopes'
import { address } from '../../../lib/chain/schemas'
import type { KinmarkError } from '../../../lib/error'
import { shortAddress } from '../../../lib/format/addresses'
import { errorOfProblem } from '../../../lib/problem'
import type { CommandOptions, CommandResult, Values } from '../options'
import { table } from '../table'
import { type ChainPlace, placeOf } from './chain'
import { findSigner } from './key'
import { type Login, readLogin, removeLogin, siteOf, storeLogin } from './login-file'
import { openSite, type Site } from './site'

const tokenDays = 90
const tokenSchema = z.object({ token: z.string() })
const name = () => `kinmark on ${hostname()}`.slice(0, 100)

/** Logs in with a key where there is one, and else by a code that is approved on a page. */
export async function login(values: Values, { say, signal }: CommandOptions): Promise<CommandResult> {
  const before = await readLogin()
  const site = openSite(siteOf(values, before), null, signal)
  const chain = await placeOf(site, null)
  const signer = await findSigner(values, null)
  const { token, account } = signer
    ? { token: await tokenBySignature(site, chain, signer.account), account: signer.account.address }
    : await tokenByCode(site, say, signal)
  await storeLogin({ site: site.url, account, token, keyFile: signer?.keyFile ?? null, chain })
  if (before) await endToken(before).catch(() => undefined)
  const text = table([
    ['logged in', `${account} at ${site.url}`],
    ['chain', `${chain.name} (${chain.chainId})`],
    [
      'pays with',
      signer ? (signer.keyFile ?? 'KINMARK_KEY') : 'nothing: buying, publishing and claiming need --key-file',
    ],
  ])
  return {
    text,
    json: { site: site.url, account, chainId: chain.chainId, keyFile: signer?.keyFile ?? null },
    yes: true,
  }
}

/** Ends the token on the server, and forgets it. */
export async function logout(): Promise<CommandResult> {
  const before = await readLogin()
  if (!before) return { text: 'Nobody is logged in.', json: { account: null }, yes: true }
  await endToken(before)
  await removeLogin()
  const { account, site } = before
  return { text: `Logged out: ${shortAddress(account)} at ${site}.`, json: { account, site }, yes: true }
}

/** A token that has ended needs no end. */
async function endToken({ site, token }: Login): Promise<void> {
  const response = await openSite(site, token).ask('/api/tokens/self', { method: 'DELETE' })
  if (!response.ok && response.status !== 401)
    throw errorOfProblem(await response.json().catch(() => null), response.status)
}

/** Signs in with Ethereum (ERC-4361), makes a token, and signs out. */
async function tokenBySignature(site: Site, chain: ChainPlace, account: PrivateKeyAccount): Promise<string> {
  const begun = await site.ask('/api/auth/nonce')
  if (!begun.ok) throw errorOfProblem(await begun.json().catch(() => null), begun.status)
  const message = createSiweMessage({
    address: account.address,
    chainId: chain.chainId,
    domain: new URL(site.url).host,
    uri: site.url,
    nonce: await begun.text(),
    issuedAt: new Date(),
    version: '1',
  })
  const signature = await account.signMessage({ message })
  const cookie = cookieOf(await post(site, '/api/auth/verify', cookieOf(begun), { message, signature }))
  const made = await post(site, '/api/tokens', cookie, { name: name(), scopes: apiScopes, days: tokenDays })
  const { token } = tokenSchema.parse(await made.json())
  await post(site, '/api/auth/logout', cookie, {})
  return token
}

async function post(site: Site, path: string, cookie: string, body: unknown): Promise<Response> {
  const headers = { cookie, 'content-type': 'application/json' }
  const response = await site.ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw errorOfProblem(await response.json().catch(() => null), response.status)
  return response
}

function cookieOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

const begunSchema = z.object({
  deviceCode: z.string(),
  userCode: z.string(),
  expiresIn: z.number(),
  interval: z.number(),
})

/** Shows a code, and waits until somebody approves it on the market’s page (RFC 8628). */
async function tokenByCode(site: Site, say: (line: string) => void, signal?: AbortSignal) {
  const asked = { name: name(), scopes: apiScopes }
  const { deviceCode, userCode, interval } = await site.call(begunSchema, 'POST', '/api/logins', asked)
  say(`Open ${site.url}/device?code=${userCode}`)
  say(`and let this program in if it shows the code ${userCode}.`)
  const schema = tokenSchema.extend({ account: address })
  for (;;) {
    await wait(1000 * interval, undefined, { signal }).catch(() => signal?.throwIfAborted())
    try {
      return await site.call(schema, 'POST', '/api/logins/token', { deviceCode })
    } catch (error) {
      const { code } = error as KinmarkError
      if (code !== 'market.login-pending' && code !== 'cli.site-unreachable') throw error
    }
  }
}

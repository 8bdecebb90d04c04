import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { errorOfProblem } from '../../lib/problem'

/** A signed-in account: asks the app as its pages do. Throws the error that a problem names. */
export type Session = {
  cookie: string
  get(path: string): Promise<Response>
  post(path: string, body: unknown): Promise<Response>
}

export async function signIn(site: string, origin: string, chainId: number, account: LocalAccount): Promise<Session> {
  const nonceResponse = await fetch(`${site}/api/auth/nonce`)
  const message = createSiweMessage({
    address: account.address,
    chainId,
    domain: new URL(origin).host,
    nonce: await nonceResponse.text(),
    uri: origin,
    issuedAt: new Date(),
    version: '1',
  })
  const signature = await account.signMessage({ message })
  const signed = await sessionOf(site, cookieOf(nonceResponse)).post('/api/auth/verify', { message, signature })
  return sessionOf(site, cookieOf(signed))
}

/** A session by its cookie. */
export function sessionOf(site: string, cookie: string): Session {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(site + path, { ...init, headers: { ...init.headers, cookie } })
    if (!response.ok) throw errorOfProblem(await response.json().catch(() => null), response.status)
    return response
  }
  return {
    cookie,
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

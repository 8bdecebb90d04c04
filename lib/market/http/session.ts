import 'server-only'
import { getIronSession } from 'iron-session'
import { cookies, headers } from 'next/headers'
import { type Address, getAddress, type Hex } from 'viem'
import { log } from '../../log'
import { deriveKey } from '../../sealing/seal'
import { market } from '../context/context'
import { HttpError } from './http-error'
import {
  accountOf,
  endOthers,
  endSession,
  newNonce,
  type SessionView,
  sessionSeconds,
  sessionsOf,
  spendNonce,
  startSession,
} from './session-store'
import { readSignInMessage } from './sign-in-message'

/** What the encrypted cookie holds. The session itself is in the database, so that the server can end it. */
type Cookie = { nonce?: string; token?: string }

async function openCookie() {
  const { master, env } = await market()
  const secure = env.origins[0].startsWith('https:')
  return getIronSession<Cookie>(await cookies(), {
    password: Buffer.from(deriveKey(master, 'session')).toString('hex'),
    // Browsers take a cookie with this prefix over TLS only, for this host only (RFC 6265bis).
    cookieName: secure ? '__Host-kinmark' : 'kinmark',
    ttl: sessionSeconds,
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  })
}

/** Starts a sign-in: returns a nonce that only this visitor can use, once. */
export async function beginSignIn(): Promise<string> {
  const { db } = await market()
  const cookie = await openCookie()
  cookie.nonce = await newNonce(db)
  await cookie.save()
  return cookie.nonce
}

/** Sign-in with Ethereum (ERC-4361). Contract wallets sign by ERC-1271. Ends the session that the cookie held before. */
export async function signIn(message: string, signature: Hex): Promise<Address> {
  const { client, db, deployment, env } = await market()
  const cookie = await openCookie()
  const { nonce } = cookie
  cookie.nonce = undefined
  await cookie.save()
  if (!nonce || !(await spendNonce(db, nonce))) throw new HttpError(401, 'market.sign-in-expired')
  const { origins } = env
  const { address, domain } = readSignInMessage(message, { origins, chainId: deployment.chainId, nonce })
  const valid = await client.verifySiweMessage({ message, signature, domain, nonce })
  if (!valid) throw new HttpError(401, 'market.sign-in-invalid', { account: address, domain })
  const account = getAddress(address)
  if (cookie.token) await endSession(db, cookie.token)
  cookie.token = await startSession(db, account, (await headers()).get('user-agent') ?? '')
  await cookie.save()
  log.info({ account }, 'Signed in.')
  return account
}

/** Ends this session on the server: the cookie is worth nothing any more, also to whoever copied it. */
export async function signOut(): Promise<void> {
  const { db } = await market()
  const cookie = await openCookie()
  if (cookie.token) await endSession(db, cookie.token)
  cookie.destroy()
}

/** The signed-in account, or null. */
export async function sessionAddress(): Promise<Address | null> {
  const { db } = await market()
  const { token } = await openCookie()
  return token ? accountOf(db, token) : null
}

/** The signed-in account. Throws `market.sign-in-needed`. */
export async function requireSession(): Promise<Address> {
  const account = await sessionAddress()
  if (!account) throw new HttpError(401, 'market.sign-in-needed')
  return account
}

/** The account's sessions on all its devices. */
export async function listSessions(): Promise<SessionView[]> {
  const { db } = await market()
  const account = await requireSession()
  const { token = '' } = await openCookie()
  return sessionsOf(db, account, token)
}

/** Ends one session of the signed-in account, or all but this one. */
export async function endSessions(id?: string): Promise<void> {
  const { db } = await market()
  const account = await requireSession()
  const { token = '' } = await openCookie()
  await endOthers(db, account, token, id)
}

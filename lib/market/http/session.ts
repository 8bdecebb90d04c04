import 'server-only'
import { getIronSession } from 'iron-session'
import { cookies } from 'next/headers'
import { type Address, getAddress, type Hex } from 'viem'
import { generateSiweNonce } from 'viem/siwe'
import { deriveKey } from '../../sealing/seal'
import { market } from '../context/context'
import { HttpError } from './http-error'
import { readSignInMessage } from './sign-in-message'

type SessionData = { nonce?: string; address?: Address }

/** The visitor's session, in an encrypted cookie. */
export async function openSession() {
  const { master, env } = await market()
  return getIronSession<SessionData>(await cookies(), {
    password: Buffer.from(deriveKey(master, 'session')).toString('hex'),
    cookieName: 'kinmark',
    ttl: 14 * 24 * 3600,
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: env.origins[0].startsWith('https:') },
  })
}

/** Starts a sign-in: returns a nonce that the visitor's cookie holds and one sign-in uses up. */
export async function beginSignIn(): Promise<string> {
  const session = await openSession()
  session.nonce = generateSiweNonce()
  await session.save()
  return session.nonce
}

/** Sign-in with Ethereum (ERC-4361). Contract wallets sign by ERC-1271. */
export async function signIn(message: string, signature: Hex): Promise<Address> {
  const { client, deployment, env } = await market()
  const session = await openSession()
  const { nonce } = session
  session.nonce = undefined
  await session.save()
  if (!nonce) throw new HttpError(401, 'market.sign-in-expired')
  const { origins } = env
  const { address, domain } = readSignInMessage(message, { origins, chainId: deployment.chainId, nonce })
  const valid = await client.verifySiweMessage({ message, signature, domain, nonce })
  if (!valid) throw new HttpError(401, 'market.sign-in-invalid', { account: address, domain })
  session.address = getAddress(address)
  await session.save()
  return session.address
}

export async function signOut(): Promise<void> {
  const session = await openSession()
  session.destroy()
}

/** The signed-in account. Throws `market.sign-in-needed`. */
export async function requireSession(): Promise<Address> {
  const address = (await openSession()).address
  if (!address) throw new HttpError(401, 'market.sign-in-needed')
  return address
}

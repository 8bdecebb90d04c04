import 'server-only'
import { headers } from 'next/headers'
import type { Address } from 'viem'
import type { ApiScope } from '../../api/scopes'
import { market } from '../context/context'
import { requireSession, sessionAddress } from './session'
import { requireScope, tokenHolder } from './tokens'

/** The account that asks: by an API token with this scope, or signed in on a page. Null for neither. Throws `market.token-…`. */
export async function accountWith(scope: ApiScope): Promise<Address | null> {
  return (await tokenAccount(scope)) ?? sessionAddress()
}

/** The same. Throws `market.sign-in-needed` for neither. */
export async function requireAccount(scope: ApiScope): Promise<Address> {
  return (await tokenAccount(scope)) ?? requireSession()
}

/** Other kinds of authorization are of proxies before us. */
async function tokenAccount(scope: ApiScope): Promise<Address | null> {
  const authorization = (await headers()).get('authorization')
  if (!authorization || !/^Bearer /i.test(authorization)) return null
  const holder = await tokenHolder((await market()).db, authorization)
  if (holder) requireScope(holder, scope)
  return holder?.account ?? null
}

import { rm } from 'node:fs/promises'
import type { Address } from 'viem'
import { z } from 'zod'
import { address } from '../../../lib/chain/schemas'
import { KinmarkError } from '../../../lib/error'
import { urlOf, type Values } from '../options'
import { type ChainPlace, chainSchema, placeOf } from './chain'
import { home, readStored, store } from './home'
import { openSite, type Site } from './site'

const schema = z.object({
  site: z.string(),
  account: address,
  token: z.string(),
  /** Where the key is that signs; it is never stored here. */
  keyFile: z.string().nullable(),
  chain: chainSchema,
})
export type Login = z.infer<typeof schema>

const file = () => home('login.json')
const defaultSite = 'http://127.0.0.1:3000'

export const readLogin = (): Promise<Login | null> => readStored(file(), schema)
export const storeLogin = (login: Login): Promise<void> => store(file(), login)
export const removeLogin = (): Promise<void> => rm(file(), { force: true })

/** The market of `--site`, KINMARK_SITE, or the login. */
export function siteOf(values: Values, login: Login | null): string {
  const given = urlOf({ site: values.site ?? (process.env.KINMARK_SITE || undefined) }, 'site')
  return given?.origin ?? login?.site ?? defaultSite
}

export type Visit = { site: Site; login: Login | null }

/** The market, with the token of KINMARK_TOKEN or of the login there. */
export async function visit(values: Values, signal?: AbortSignal): Promise<Visit> {
  const stored = await readLogin()
  const url = siteOf(values, stored)
  const login = stored?.site === url ? stored : null
  const token = process.env.KINMARK_TOKEN || login?.token || null
  return { site: openSite(url, token, signal), login }
}

/** The same for what needs a token. Throws `cli.login-needed`. */
export async function member(values: Values, signal?: AbortSignal): Promise<Visit> {
  const found = await visit(values, signal)
  if (found.site.token === null) throw new KinmarkError('cli.login-needed', { site: found.site.url })
  return found
}

/** The market’s chain; of a login, the one that it had then. */
export function chainPlace({ site, login }: Visit): Promise<ChainPlace> {
  return placeOf(site, login?.chain ?? null)
}

/** Whose token it is. Throws `cli.login-needed`. */
export async function accountOf({ site, login }: Visit): Promise<Address> {
  if (site.token === null) throw new KinmarkError('cli.login-needed', { site: site.url })
  if (login?.token === site.token) return login.account
  return (await site.call(z.object({ account: address }), 'GET', '/api/tokens/self')).account
}

/** The account that is named, or that of the token. */
export async function accountNamed(visited: Visit, given: string | undefined): Promise<Address> {
  if (given === undefined) return accountOf(visited)
  const { data } = address.safeParse(given)
  if (!data) throw new KinmarkError('cli.account-invalid', { value: given })
  return data
}

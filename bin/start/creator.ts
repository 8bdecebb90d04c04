import { Upload } from 'tus-js-client'
import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { type Draft, draftSchema } from '../../lib/manifest/draft'
import type { FileEntry } from '../../lib/manifest/manifest'
import { errorOfProblem } from '../../lib/problem'

export type LocalFile = FileEntry & { bytes: Buffer }

/** A signed-in creator: publishes over the same routes as the publish page. */
export type Creator = {
  draft(files: LocalFile[]): Promise<Draft>
  upload(draft: Draft, file: LocalFile): Promise<void>
  /** Lets visitors try the model in their browser. */
  finalize(draft: Draft): Promise<Draft>
}

export async function signIn(site: string, origin: string, chainId: number, account: LocalAccount): Promise<Creator> {
  return creatorOf(site, await openSession(site, origin, chainId, account))
}

/** A creator by the cookie of its session. */
export function creatorOf(site: string, cookie: string): Creator {
  const post = async (path: string, body: unknown) =>
    draftSchema.parse(await (await send(site, cookie, path, body)).json())

  return {
    draft: (files) => post('/api/drafts', { files: files.map(({ bytes: _, ...file }) => file) }),
    finalize: ({ id }) => post(`/api/drafts/${id}/finalize`, { playground: true }),
    upload: ({ id }, { path, bytes }) =>
      new Promise((resolve, reject) =>
        new Upload(bytes, {
          endpoint: `${site}/api/uploads`,
          headers: { cookie },
          metadata: { draft: id, path },
          onSuccess: () => resolve(),
          onError: reject,
        }).start(),
      ),
  }
}

/** Signs in and returns the session's cookie. */
export async function openSession(
  site: string,
  origin: string,
  chainId: number,
  account: LocalAccount,
): Promise<string> {
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
  return cookieOf(await send(site, cookieOf(nonceResponse), '/api/auth/verify', { message, signature }))
}

async function send(site: string, cookie: string, path: string, body: unknown): Promise<Response> {
  const headers = { cookie, 'content-type': 'application/json' }
  const response = await fetch(site + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw errorOfProblem(await response.json().catch(() => null), response.status)
  return response
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

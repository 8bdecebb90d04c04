import { Upload } from 'tus-js-client'
import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { LegacyError } from '../../lib/error'
import type { Draft, FileView } from '../../lib/market/read/views'

export type LocalFile = FileView & { bytes: Buffer }

/** Somebody who is signed in to an app and publishes there, over the same routes as the publish page. */
export type Creator = {
  draft(files: LocalFile[]): Promise<Draft>
  upload(draft: Draft, file: LocalFile): Promise<void>
  /** Visitors may try what is sealed like this in their browser. */
  seal(draft: Draft): Promise<Draft>
}

export async function signIn(site: string, chainId: number, account: LocalAccount): Promise<Creator> {
  const asked = await fetch(`${site}/api/auth/nonce`)
  const message = createSiweMessage({
    address: account.address,
    chainId,
    domain: new URL(site).host,
    nonce: await asked.text(),
    uri: site,
    version: '1',
  })
  const signature = await account.signMessage({ message })
  const cookie = cookieOf(await send(site, cookieOf(asked), '/api/auth/verify', { message, signature }))
  const post = async (path: string, body: unknown) => (await (await send(site, cookie, path, body)).json()) as Draft

  return {
    draft: (files) => post('/api/drafts', { files: files.map(({ bytes: _, ...view }) => view) }),
    seal: ({ id }) => post(`/api/drafts/${id}/seal`, { playground: true }),
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

async function send(site: string, cookie: string, path: string, body: unknown): Promise<Response> {
  const headers = { cookie, 'content-type': 'application/json' }
  const response = await fetch(site + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new LegacyError(`${path} answers ${response.status}: ${await response.text()}`)
  return response
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

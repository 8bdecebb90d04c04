import type { APIRequestContext } from '@playwright/test'
import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { here, siteOf } from './place'

type Changes = Partial<Parameters<typeof createSiweMessage>[0]>

/** A message that signs an account in, unless something in it was changed. */
export async function signedMessage(request: APIRequestContext, account: LocalAccount, changes: Changes = {}) {
  const site = siteOf(here())
  const nonce = await (await request.get('/api/auth/nonce')).text()
  const message = createSiweMessage({
    address: account.address,
    domain: new URL(site).host,
    uri: site,
    version: '1',
    chainId: 31337,
    nonce,
    issuedAt: new Date(),
    ...changes,
  })
  return { message, signature: await account.signMessage({ message }) }
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { createWalletClient, http, publicActions } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { localAccount } from '../../lib/chain/accounts'
import { type Deployment, parseDeployment } from '../../lib/chain/deployment'
import { modelRegistryAbi } from '../../lib/chain/generated'
import { type Registration, registerCall } from '../../lib/chain/register'
import { KinmarkError } from '../../lib/error'
import type { Env } from '../../lib/market/env'
import type { Draft, FileView } from '../../lib/market/types'
import { parseUsdc } from '../../lib/money/usdc'
import { until } from './until'

const licence = { derive: true, freeToDerive: true, commercial: true }
const terms = (price: string, collateral: string, royaltyBps: number) => ({
  price: parseUsdc(price),
  collateral: parseUsdc(collateral),
  fee: parseUsdc('0.001'),
  royaltyBps,
  licence,
})

const demoModels = [
  { folder: 'tiny', parent: null, terms: terms('25', '50', 1000) },
  { folder: 'tiny-shakespeare', parent: 'tiny', terms: terms('40', '80', 500) },
]

/** Publishes the demo models that the chain does not have, as any creator would: sign in, upload, seal, register. */
export async function publishDemoModels({ deploymentFile, rpcUrl, port }: Env, root: string): Promise<void> {
  const { chainId, contracts }: Deployment = parseDeployment(readFileSync(deploymentFile, 'utf8'))
  const account = localAccount('demoCreator')
  const wallet = createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 50 }).extend(publicActions)
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  const site = `http://127.0.0.1:${port}`

  const published = new Map<string, bigint>()
  const total = await wallet.readContract({ ...registry, functionName: 'totalModels' })
  for (let id = 1n; id <= total && id <= 100n; id++) {
    const [manifestRoot] = await wallet.readContract({ ...registry, functionName: 'version', args: [id, 1] })
    published.set(manifestRoot, id)
  }

  const ids = new Map<string, bigint>()
  let cookie: string | null = null
  for (const { folder, parent, terms } of demoModels) {
    cookie ??= await signIn(site, chainId)
    const files = filesOf(join(root, 'public/models', folder))
    const draft = await post<Draft>(site, cookie, '/api/drafts', { files: files.map(({ bytes: _, ...view }) => view) })
    const known = published.get(draft.manifestRoot)
    if (known !== undefined) {
      ids.set(folder, known)
      continue
    }
    for (const file of files)
      if (!draft.files.find(({ path }) => path === file.path)?.uploaded) await upload(site, cookie, draft.id, file)
    const { metadataURI, manifestRoot } = await post<Draft>(site, cookie, `/api/drafts/${draft.id}/seal`, {})
    const parentId = parent === null ? undefined : ids.get(parent)
    const registration: Registration = {
      manifestRoot,
      metadataURI: metadataURI ?? '',
      terms,
      parents: parentId === undefined ? [] : [{ id: parentId, relation: 'finetune', maxRoyaltyBps: 1000 }],
    }
    const hash = await wallet.writeContract({ ...registerCall(contracts.modelRegistry, registration), chain: null })
    await wallet.waitForTransactionReceipt({ hash })
    ids.set(folder, await wallet.readContract({ ...registry, functionName: 'totalModels' }))
  }
  await until('The index', async () => {
    const { chain } = await (await fetch(`${site}/api/health`)).json()
    if (chain.indexed !== chain.head) throw new KinmarkError(`The index is at block ${chain.indexed} of ${chain.head}.`)
  })

  async function signIn(domainUrl: string, chain: number): Promise<string> {
    const asked = await fetch(`${domainUrl}/api/auth/nonce`)
    const nonceCookie = cookieOf(asked)
    const message = createSiweMessage({
      address: account.address,
      chainId: chain,
      domain: new URL(domainUrl).host,
      nonce: await asked.text(),
      uri: domainUrl,
      version: '1',
    })
    const signature = await account.signMessage({ message })
    const answer = await send(domainUrl, nonceCookie, '/api/auth/verify', { message, signature })
    return cookieOf(answer)
  }
}

type LocalFile = FileView & { bytes: Buffer }

function filesOf(folder: string): LocalFile[] {
  return readdirSync(folder).map((path) => {
    const bytes = readFileSync(join(folder, path))
    return { path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
  })
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function send(site: string, cookie: string, path: string, body: unknown): Promise<Response> {
  const headers = { cookie, 'content-type': 'application/json' }
  const response = await fetch(site + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new KinmarkError(`Publishing the demo models: ${path}: ${await response.text()}`)
  return response
}

async function post<T>(site: string, cookie: string, path: string, body: unknown): Promise<T> {
  return (await send(site, cookie, path, body)).json() as Promise<T>
}

function upload(site: string, cookie: string, draft: string, { path, bytes }: LocalFile): Promise<void> {
  return new Promise((resolve, reject) =>
    new Upload(bytes, {
      endpoint: `${site}/api/uploads`,
      headers: { cookie },
      metadata: { draft, path },
      onSuccess: () => resolve(),
      onError: reject,
    }).start(),
  )
}

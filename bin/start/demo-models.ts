import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWalletClient, publicActions } from 'viem'
import { localAccount } from '../../lib/chain/accounts'
import { allowBondCall } from '../../lib/chain/case'
import { parseDeployment } from '../../lib/chain/deployment'
import { modelRegistryAbi, protocolAbi, testUsdAbi } from '../../lib/chain/generated'
import { httpWithGasMargin } from '../../lib/chain/http-with-gas-margin'
import { type Registration, registerCall } from '../../lib/chain/register'
import type { Terms } from '../../lib/chain/terms'
import { termsHash } from '../../lib/chain/terms-hash'
import { kinmarkClient } from '../../lib/client/client'
import type { Env } from '../../lib/env'
import { KinmarkError } from '../../lib/error'
import type { StartErrors } from '../../lib/errors/start'
import { parseUsdc } from '../../lib/format/parse-usdc'
import { type Creator, creatorOf, type LocalFile } from './creator'
import { retryUntil } from './retry-until'
import { signIn } from './sign-in'

const terms = (price: string, collateral: string, royaltyBps: number): Terms => ({
  price: parseUsdc(price),
  collateral: parseUsdc(collateral),
  fee: parseUsdc('1'),
  royaltyBps,
  floorBps: 0,
  leakBps: 5000,
  licence: { derive: true, freeToDerive: true, commercial: true },
})

type DemoModel = { folder: string; terms: Terms }

const base: DemoModel = { folder: 'tiny', terms: terms('25', '50', 1000) }
const child: DemoModel = { folder: 'tiny-shakespeare', terms: terms('40', '80', 500) }
/** The one that the demo host serves: it chats. */
const served: DemoModel = { folder: 'quill', terms: terms('30', '60', 500) }

/** Publishes the demo models that the chain does not have. Waits until they are indexed. */
export async function publishDemoModels(env: Env, root: string): Promise<void> {
  const { totalModels, publish } = await openPublisher(env, root)
  const isKnown = async (id: bigint) => id <= (await totalModels())
  if (!(await isKnown(1n))) await publish(base, [])
  if (!(await isKnown(2n))) await publish(child, [{ id: 1n, relation: 'finetune', termsHash: termsHash(base.terms) }])
  await indexed(env)
}

/** Publishes the demo model that chats, unless its creator has. Returns its id. */
export async function publishServedModel(env: Env, root: string): Promise<bigint> {
  const { account, publish, totalModels } = await openPublisher(env, root)
  const found = await servedModel(env, account.address)
  if (found) return found
  await publish(served, [])
  const id = await totalModels()
  await indexed(env)
  return (await servedModel(env, account.address)) ?? id
}

async function servedModel({ site }: Env, creator: string): Promise<bigint | null> {
  const { items } = await kinmarkClient(site).get('listModels', { search: served.folder })
  const found = items.find((model) => model.creator === creator && model.name.toLowerCase() === served.folder)
  return found ? BigInt(found.id) : null
}

/** Signs in, uploads, finalizes, registers. */
async function openPublisher({ deploymentFile, rpcUrl, site, origins }: Env, root: string) {
  const { chainId, contracts, minter } = parseDeployment(readFileSync(deploymentFile, 'utf8'), deploymentFile)
  const account = localAccount('demoCreator')
  const wallet = createWalletClient({ account, transport: httpWithGasMargin(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  )
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  const creator = creatorOf(site, await signIn(site, origins[0], chainId, account))

  const send = async (call: object) => {
    const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
    await wallet.waitForTransactionReceipt({ hash })
  }
  const putUpBond = async () => {
    const [, bond] = await wallet.readContract({
      address: contracts.protocol,
      abi: protocolAbi,
      functionName: 'origin',
    })
    await send({ address: contracts.usd, abi: testUsdAbi, functionName: 'faucet', args: [account.address, bond] })
    await send(allowBondCall(contracts.usd, contracts.origins, bond))
  }
  return {
    account,
    totalModels: () => wallet.readContract({ ...registry, functionName: 'totalModels' }),
    async publish({ folder, terms }: DemoModel, parents: Registration['parents']): Promise<void> {
      const { metadataURI, manifestRoot } = await upload(creator, filesOf(join(root, 'public/models', folder)))
      if (metadataURI === null) throw new KinmarkError('start.demo-not-finalized', { folder })
      const call = registerCall(contracts.modelRegistry, {
        ...{ manifestRoot, metadataURI, terms, parents },
        minters: [minter],
      })
      await putUpBond()
      await send(call)
    },
  }
}

async function indexed({ site }: Env): Promise<void> {
  await retryUntil('index', async () => {
    const { chain }: { chain: StartErrors['start.index-behind'] } = await (await fetch(`${site}/api/health`)).json()
    if (chain.indexed !== chain.head) throw new KinmarkError('start.index-behind', chain)
  })
}

async function upload(creator: Creator, files: LocalFile[]) {
  const draft = await creator.draft(files)
  const missing = draft.files.filter(({ uploaded }) => !uploaded).map(({ path }) => path)
  for (const file of files) if (missing.includes(file.path)) await creator.upload(draft, file)
  return creator.finalize(draft)
}

function filesOf(folder: string): LocalFile[] {
  return readdirSync(folder).map((path) => {
    const bytes = readFileSync(join(folder, path))
    return { path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
  })
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { getAbiItem, getAddress, type Hex, parseEventLogs } from 'viem'
import { z } from 'zod'
import { allowBondCall } from '../../../lib/chain/case'
import { modelRegistryAbi, protocolAbi, testUsdAbi } from '../../../lib/chain/generated'
import { toModelId } from '../../../lib/chain/ids'
import { registerCall } from '../../../lib/chain/register'
import type { Terms } from '../../../lib/chain/terms'
import { KinmarkError } from '../../../lib/error'
import { formatUsdc } from '../../../lib/format/amounts'
import { formatDuration } from '../../../lib/format/times'
import { folderFiles } from '../../../lib/inference/node/folder'
import { type Draft, draftSchema } from '../../../lib/manifest/draft'
import { type FileEntry, isFilePath, mostFiles } from '../../../lib/manifest/manifest'
import type { NamedBytes } from '../../../lib/weights/bytes'
import { assertCanFingerprint } from '../../../lib/weights/can-fingerprint'
import { assertPublishable, inspectModel } from '../../../lib/weights/inspect-model'
import type { CommandOptions, CommandResult, Values } from '../options'
import { table } from '../table'
import { readStored, store } from './home'
import { logsSince } from './logs-since'
import { hashFile } from './part'
import { actAs, assertBalance, confirm, nameOf, type Payer } from './payer'
import { type ParentOption, parentsOf, termsOf } from './terms'
import { uploadDraft } from './upload'

/** What is wanted, stored before it is signed. The files and the creator name it on the chain. */
const registrationSchema = z.object({
  /** The newest block when it began. */
  since: z.number().int(),
  /** Once it is registered. */
  model: z.string().nullable(),
  tx: z.string().nullable(),
})
type Registration = z.infer<typeof registrationSchema>

/**
 * Publishes a folder, once for each `--name`: reads it, hashes it, uploads what the market lacks, and registers it. A
 * command that was killed at any moment goes on where it stopped.
 */
export async function publish(folder: string, values: Values, options: CommandOptions): Promise<CommandResult> {
  const terms = termsOf(values)
  const parents = parentsOf(values)
  const name = nameOf(values)
  const files = await modelFiles(folder)
  return actAs(values, options, async (payer) => {
    const { site } = payer
    const entries = await hashAll(folder, files, options)
    const draft = await site.call(draftSchema, 'POST', '/api/drafts', { files: entries })
    const key = `model-${draft.manifestRoot.slice(2, 34)}-${name}`
    const file = join(payer.folder, `${key}.json`)
    const registration = await openRegistration(payer, file, `${key}.tx`)
    const root = draft.manifestRoot as Hex
    const earlier = registration.model ?? (await modelOf(payer, registration, root))
    if (earlier !== null) return published(file, registration, { model: earlier, root, earlier: true })
    const total = entries.reduce((sum, { size }) => sum + size, 0)
    await uploadDraft(site, draft, folder, {
      onSent: (bytes) => options.onProgress({ stage: 'upload', step: `${entries.length} files`, done: bytes / total }),
      signal: options.signal,
    })
    const finalized = await finalize(payer, draft, values, options)
    if ('model' in finalized) return published(file, registration, { model: finalized.model, root, earlier: true })
    const receipt = await payer.send(`${key}.tx`, {
      done: async () => (await modelOf(payer, registration, root)) !== null,
      call: async () => {
        await lockBond(payer, values, options)
        return registrationCall(payer, finalized.draft, terms, parents)
      },
    })
    const model = await modelOf(payer, registration, root)
    if (model === null) throw new KinmarkError('chain.transaction-failed', { hash: receipt?.transactionHash ?? '' })
    const tx = receipt?.transactionHash ?? null
    return published(file, { ...registration, tx }, { model, root, earlier: false })
  })
}

/** The files of a folder that belong to the model. Throws what is wrong with it. */
async function modelFiles(folder: string): Promise<NamedBytes[]> {
  const all = (await folderFiles(folder)).filter(({ path }) => isFilePath(path))
  const model = await inspectModel(all)
  assertPublishable({ ...model, leftOut: [] })
  assertCanFingerprint(model.config)
  const files = all.filter(({ path }) => !model.leftOut.includes(path))
  if (files.length > mostFiles) throw new KinmarkError('publish.files-many', { files: files.length, limit: mostFiles })
  return files
}

async function hashAll(
  folder: string,
  files: readonly NamedBytes[],
  { onProgress, signal }: CommandOptions,
): Promise<FileEntry[]> {
  const total = files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
  const entries: FileEntry[] = []
  let read = 0
  for (const { path, bytes } of files) {
    const sha256 = await hashFile(join(folder, path), (more) => {
      signal?.throwIfAborted()
      read += more
      onProgress({ stage: 'hash', step: `${files.length} files`, done: Math.min(1, read / total) })
    })
    if (sha256 === null) throw new KinmarkError('publish.file-missing', { path })
    entries.push({ path, size: bytes.byteLength, sha256 })
  }
  return entries
}

/** The registration under this name, begun where there is none. A local chain that was started anew has none. */
async function openRegistration(payer: Payer, file: string, sent: string): Promise<Registration> {
  const { client, confirmations, contracts } = payer.chain
  const stored = await readStored(file, registrationSchema)
  const head = Number(await client.getBlockNumber({ cacheTime: 0 }))
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  const total = await client.readContract({ ...registry, functionName: 'totalModels' })
  const exists = stored?.model ? BigInt(stored.model) <= total : true
  if (stored && exists && stored.since <= head) return stored
  if (stored && confirmations > 0) throw new KinmarkError('cli.order-unseen', { file, since: stored.since, head })
  const registration = { since: head, model: null, tx: null }
  await rm(join(payer.folder, sent), { force: true })
  await store(file, registration)
  return registration
}

/** The model that the account registered with these files, as the chain has it. */
async function modelOf({ chain, account }: Payer, { since }: Registration, root: Hex): Promise<string | null> {
  const address = chain.contracts.modelRegistry
  const event = getAbiItem({ abi: modelRegistryAbi, name: 'Registered' })
  const filter = { address, event, args: { creator: account.address } }
  for (const { transactionHash } of await logsSince(chain.client, filter, BigInt(since))) {
    const { logs } = await chain.client.getTransactionReceipt({ hash: transactionHash })
    const versions = parseEventLogs({ abi: modelRegistryAbi, eventName: 'VersionAdded', logs })
    const found = versions.find((log) => getAddress(log.address) === address && log.args.manifestRoot === root)
    if (found) return found.args.id.toString()
  }
  return null
}

/** Has the market read the model; or the model as which these files are on sale already. */
async function finalize(
  { site }: Payer,
  { id }: Draft,
  { playground = false }: Values,
  { onProgress }: CommandOptions,
): Promise<{ draft: Draft } | { model: string }> {
  onProgress({ stage: 'check', step: 'the market reads the files', done: 0 })
  try {
    return { draft: await site.call(draftSchema, 'POST', `/api/drafts/${id}/finalize`, { playground }) }
  } catch (error) {
    if (!(error instanceof KinmarkError) || error.code !== 'market.draft-published') throw error
    return { model: (error as KinmarkError<'market.draft-published'>).facts.model }
  }
}

/** Lets the contract take the bond with which a creator answers for having named all parents. */
async function lockBond(payer: Payer, values: Values, options: CommandOptions): Promise<void> {
  const { client, contracts } = payer.chain
  const { usd, origins, protocol } = contracts
  const [, bond, seconds] = await client.readContract({ address: protocol, abi: protocolAbi, functionName: 'origin' })
  const token = { address: usd, abi: testUsdAbi, functionName: 'allowance' } as const
  const isAllowed = async () =>
    (await client.readContract({ ...token, args: [payer.account.address, origins] })) >= bond
  await assertBalance(payer, bond)
  const what = `Publishing locks a bond of ${formatUsdc(bond)} USDC for ${formatDuration(Number(seconds))}, with which you answer for having named all parents.`
  await confirm(bond, what, values, options)
  await payer.send('bond.tx', { done: isAllowed, call: allowBondCall(usd, origins, bond) })
}

async function registrationCall({ site, chain }: Payer, draft: Draft, terms: Terms, parents: readonly ParentOption[]) {
  return registerCall(chain.contracts.modelRegistry, {
    manifestRoot: draft.manifestRoot as Hex,
    metadataURI: draft.metadataURI ?? '',
    terms,
    minters: [chain.minter],
    parents: await Promise.all(
      parents.map(async ({ id, relation, copyId }) => {
        const { termsHash } = await site.api.get('getModel', { id })
        const copy = copyId === undefined ? undefined : BigInt(copyId)
        return { id: toModelId(BigInt(id)), relation, termsHash: termsHash as Hex, copyId: copy }
      }),
    ),
  })
}

type Published = { model: string; root: Hex; earlier: boolean }

async function published(
  file: string,
  registration: Registration,
  { model, root, earlier }: Published,
): Promise<CommandResult> {
  if (registration.model === null) await store(file, { ...registration, model })
  const { tx } = registration
  const text = table([
    [earlier ? 'published before' : 'published', `model ${model}`],
    ['manifest root', root],
    ...(tx ? [['transaction', tx] as const] : []),
    ['next', 'Its minter makes the key pool, and then it is on sale.'],
  ])
  return { text, json: { model, manifestRoot: root, tx, earlier }, yes: true }
}

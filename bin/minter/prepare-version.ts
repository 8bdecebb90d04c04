import { join } from 'node:path'
import { type Hex, hexToBytes } from 'viem'
import { modelRegistryAbi } from '../../lib/chain/generated'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { type ChatFrame, openChatFrame } from '../../lib/fingerprint/keys/chat-frame'
import { keyPoolTree } from '../../lib/fingerprint/keyset/commitment'
import { mint } from '../../lib/fingerprint/mint'
import { defaultKeys, prepare, prepareShare } from '../../lib/fingerprint/prepare'
import type { StageStore } from '../../lib/fingerprint/stages/stage-store'
import { type FingerprintableFolder, openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import { log } from '../../lib/log'
import type { MinterWork } from '../../lib/minting/blob-link'
import { sealPreparation, unsealPreparation } from '../../lib/minting/sealed-preparation'
import type { Preparing, VersionWork } from '../../lib/minting/version-work'
import { visitorsCopy } from '../../lib/minting/visitors-copy'
import { readBlob } from '../../lib/storage/read-blob'
import { openTokenizer, type TextTokenizer } from '../../lib/weights/text/tokenizer'
import { openChain, sendCall } from './chain'
import { keepClaim } from './heartbeat'
import type { Minter } from './minter'
import { isAppAway, isLeaseOver } from './minter-client'
import { withModelFolder } from './model-folder'
import { sharedStages } from './shared-stages'
import { sealedStages } from './stages'
import { storeCopy } from './store-copy'
import { openWorkBlobs, type WorkBlobs } from './work-blobs'

/**
 * Makes a version's key pool and the copy that visitors load, and commits to the pool on the chain, before the version is
 * sold; or makes one share of the first part of it, for the minter that makes the whole. Never throws: after a failure the claim ends, and the version or the
 * share is claimed again.
 */
export async function prepareVersion(work: VersionWork, minter: Minter): Promise<void> {
  const { modelId, version, manifestRoot, claim } = work
  const share = shareOf(work)
  const facts = { model: modelId, version, share }
  let done = 0
  const report = (made?: Made) =>
    minter.client.preparing({ modelId, version, manifestRoot, claim, done, share, ...made })
  const { signal, stop } = keepClaim(() => report())
  try {
    const onProgress = (part: number) => {
      done = Math.min(Math.max(part, 0), share ? mostOfShare : 1)
    }
    const progress = { onProgress, report, signal }
    if (share) await makeShare(work, minter, progress)
    else {
      const preparation = await preparationOf(work, minter, progress)
      if (work.visitors) await makeVisitorsCopy(work, preparation, minter, progress)
      await commit(minter, work, keyPoolTree(preparation).root)
    }
    done = 1
    // It is made, whether the app hears of it now or not.
    await report().catch(() => undefined)
    log.info(facts, share ? 'A share of a key pool’s preparation is made.' : 'A key pool is on the chain.')
  } catch (error) {
    if (isLeaseOver(error)) log.warn(facts, 'The claim of a key pool ended: another minter may have it.')
    else if (isAppAway(error)) log.warn(facts, 'A key pool waits until the app can be asked again.')
    else log.error({ err: error, ...facts }, 'A key pool could not be made.')
  } finally {
    stop()
  }
}

/** A share counts as made at 1, so it stays below before it is. */
const mostOfShare = 0.99

function shareOf({ share, shares }: VersionWork): Preparing['share'] {
  return share === null ? undefined : { part: share, of: shares }
}

const workOf = ({ claim }: VersionWork): MinterWork => ({ kind: 'version', id: claim, attempt: 0 })

const blobsOf = (work: VersionWork, minter: Minter): WorkBlobs => openWorkBlobs(minter, workOf(work))

type Made = Pick<Preparing, 'preparation' | 'visitorsCopy'>

type Progress = {
  onProgress: (done: number) => void
  report: (made: Made) => Promise<void>
  signal: AbortSignal
}

async function makeShare(work: VersionWork, minter: Minter, { signal, onProgress }: Progress): Promise<void> {
  await withModel(work, minter, async ({ runtime, store, tokenizer, chat }) => {
    await prepareShare(runtime, {
      ...{ secret: hexToBytes(work.secret), keys: work.keys, tokenizer, chat, store, shares: work.shares, signal },
      onProgress: ({ done }) => onProgress(done),
    })
  })
}

/** The preparation that was made before, or a new one. */
async function preparationOf(work: VersionWork, minter: Minter, progress: Progress): Promise<Preparation> {
  const blobs = blobsOf(work, minter)
  const secret = hexToBytes(work.secret)
  if (work.preparation) return unsealPreparation(secret, await readBlob(blobs, work.preparation))
  return withModel(work, minter, async ({ runtime, store, tokenizer, chat }) => {
    const preparation = await prepare(runtime, {
      ...{ secret, keys: work.keys, tokenizer, chat, store, shares: work.shares },
      onProgress: ({ done }) => progress.onProgress(done),
      signal: progress.signal,
    })
    const made = preparation.keys.gaps.length
    const asked = work.keys ?? defaultKeys(runtime.shape.ff)
    if (made < asked)
      log.info({ model: work.modelId, asked, keys: made }, 'This model carries fewer keys than were asked for.')
    const { sha256 } = await blobs.put([sealPreparation(secret, preparation)])
    await progress.report({ preparation: sha256 })
    await store.forget?.()
    return preparation
  })
}

/** Mints the copy that visitors load and stores it, as buyers' copies are. */
async function makeVisitorsCopy(
  work: VersionWork,
  preparation: Preparation,
  minter: Minter,
  { report, signal }: Progress,
): Promise<void> {
  const blobs = blobsOf(work, minter)
  await withModel(work, minter, async ({ runtime, dtype, model }) => {
    const { edits } = await mint(runtime, preparation, { ...visitorsCopy, dtype, signal })
    await report({ visitorsCopy: await storeCopy(work.files, model.tensors, edits, blobs, () => undefined) })
  })
}

/** Steps that only this machine makes stay on it. */
type Stages = StageStore & { forget?(): Promise<void> }

type OpenModel = Pick<FingerprintableFolder, 'model' | 'dtype'> & {
  runtime: FingerprintRuntime
  store: Stages
  tokenizer: TextTokenizer | null
  chat: ChatFrame | null
}

function stagesOf(work: VersionWork, minter: Minter, subject: unknown): Stages {
  const secret = hexToBytes(work.secret)
  if (work.shares === 1) return sealedStages(join(minter.env.data, 'stages'), secret, subject)
  return sharedStages({ client: minter.client, blobs: blobsOf(work, minter), work: workOf(work) }, secret, subject)
}

/** Opens a version's model in a folder of its own, which exists while `use` runs. */
async function withModel<T>(work: VersionWork, minter: Minter, use: (model: OpenModel) => Promise<T>): Promise<T> {
  const name = `version-${work.manifestRoot}${work.share === null ? '' : `-${work.share}-of-${work.shares}`}`
  return withModelFolder(minter.env, name, work.files, blobsOf(work, minter), async (folder) => {
    const { files, open, model, dtype } = await openForFingerprinting(folder, defaultLayers)
    const names = work.files.map(({ sha256 }) => sha256)
    const store = stagesOf(work, minter, { keys: work.keys, files: names })
    const tokenizer = await openTokenizer(files)
    const chat = await openChatFrame(files, tokenizer)
    const runtime = await open()
    return use({ runtime, store, tokenizer, chat, model, dtype }).finally(() => runtime.close())
  })
}

/** Puts the pool's root on the chain, unless it is there. */
async function commit(minter: Minter, { modelId, version }: VersionWork, root: Hex): Promise<void> {
  const { contracts, wallet } = openChain(minter)
  const registry = { address: contracts.modelRegistry, abi: modelRegistryAbi } as const
  const args = [BigInt(modelId), version] as const
  const pool = await wallet.readContract({ ...registry, functionName: 'keyPool', args })
  if (pool.root === root) return
  await sendCall(minter, { ...registry, functionName: 'commitKeyPool', args: [...args, root] })
}

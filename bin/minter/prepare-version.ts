import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hex, hexToBytes } from 'viem'
import { modelRegistryAbi } from '../../lib/chain/generated'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { openChatFrame } from '../../lib/fingerprint/keys/chat-frame'
import { keyPoolTree } from '../../lib/fingerprint/keyset/commitment'
import { prepare } from '../../lib/fingerprint/prepare'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { log } from '../../lib/log'
import { sealPreparation, unsealPreparation } from '../../lib/minting/sealed-preparation'
import type { VersionWork } from '../../lib/minting/version-work'
import { openBlobs } from '../../lib/storage/open-storage'
import { readBlob } from '../../lib/storage/read-blob'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { openChain, sendCall } from './chain'
import type { Minter } from './minter'
import { isLeaseOver } from './minter-client'
import { sealedStages } from './stages'

const heartbeatMs = 4_000

/**
 * Makes a version's key pool and commits to it on the chain, before the version is sold. Never throws: after a failure
 * the claim ends, and the version is claimed again.
 */
export async function prepareVersion(work: VersionWork, minter: Minter): Promise<void> {
  const { modelId, version, manifestRoot } = work
  const over = new AbortController()
  let done = 0
  const report = async (preparation?: string) => {
    await minter.client.preparing({ modelId, version, manifestRoot, done, preparation }).catch((error) => {
      if (preparation !== undefined) throw error
      // Any other error is ignored: the app may answer again before the claim ends.
      if (isLeaseOver(error)) over.abort(error)
    })
  }
  const timer = setInterval(report, heartbeatMs)
  try {
    const onProgress = (part: number) => {
      done = Math.min(Math.max(part, 0), 1)
    }
    const preparation = await preparationOf(work, minter, { onProgress, report, signal: over.signal })
    await commit(minter, work, keyPoolTree(preparation).root)
    done = 1
    await report()
    log.info({ model: modelId, version }, 'A key pool is on the chain.')
  } catch (error) {
    log.error({ err: error, model: modelId, version }, 'A key pool could not be made.')
  } finally {
    clearInterval(timer)
  }
}

type Progress = {
  onProgress: (done: number) => void
  report: (preparation: string) => Promise<void>
  signal: AbortSignal
}

async function preparationOf(work: VersionWork, { env }: Minter, progress: Progress): Promise<Preparation> {
  const blobs = await openBlobs(env)
  const secret = hexToBytes(work.secret)
  if (work.preparation) return unsealPreparation(secret, await readBlob(blobs, work.preparation))
  const folder = join(env.data, 'work', `version-${work.manifestRoot}`)
  await rm(folder, { recursive: true, force: true })
  for (const { path, sha256 } of work.files) await blobs.materialize(sha256, join(folder, path))
  try {
    const { files, open } = await openForFingerprinting(folder, defaultLayers)
    const names = work.files.map(({ sha256 }) => sha256)
    const store = sealedStages(join(env.data, 'stages'), secret, { keys: work.keys, files: names })
    const tokenizer = await openTokenizer(files)
    const chat = await openChatFrame(files, tokenizer)
    const runtime = await open()
    const preparation = await prepare(runtime, {
      ...{ secret, keys: work.keys, tokenizer, chat },
      store,
      onProgress: ({ done }) => progress.onProgress(done),
      signal: progress.signal,
    }).finally(() => runtime.close())
    const { sha256 } = await blobs.put([sealPreparation(secret, preparation)])
    await progress.report(sha256)
    await store.forget()
    return preparation
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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

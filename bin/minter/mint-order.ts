import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hex, hexToBytes, toHex } from 'viem'
import type { Env } from '../../lib/env'
import { messageOf } from '../../lib/error'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import { folderContexts } from '../../lib/fingerprint/keys/prompt-contexts'
import { mint, mintThreads } from '../../lib/fingerprint/mint'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { manifestTree } from '../../lib/manifest/manifest'
import type { MintOrder } from '../../lib/minting/mint-order'
import { type Blobs, diskBlobs } from '../../lib/storage/blobs'
import { deliver, isTransient } from './deliver'
import { type Heartbeat, startHeartbeat } from './heartbeat'
import { LeaseLost, type MinterClient } from './minter-client'
import { preparationFor } from './preparation'
import { signedReport } from './signed-report'
import { storeCopy } from './store-copy'

export type Minter = { env: Env; client: MinterClient; key: Hex }

/** Everything about one order, from lease to delivery. Never throws: a failure is told to the office. */
export async function mintOrder(order: MintOrder, minter: Minter): Promise<void> {
  const heartbeat = startHeartbeat(minter.client, order.job)
  const started = Date.now()
  try {
    const blobs = diskBlobs(join(minter.env.data, 'blobs'))
    const minted = order.minted ?? (await makeCopy(order, minter, blobs, heartbeat))
    heartbeat.at('deliver', 0)
    await deliver(minter, order.copyId, minted)
    await minter.client.complete(order.job)
    console.log(`Copy ${order.copyId}: delivered after ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  } catch (error) {
    console.error(`Copy ${order.copyId}: ${messageOf(error)}`)
    if (!(error instanceof LeaseLost))
      await minter.client.fail(order.job, messageOf(error).slice(0, 900), !isTransient(error)).catch(() => undefined)
  } finally {
    heartbeat.stop()
  }
}

async function makeCopy(order: MintOrder, { env, client, key }: Minter, blobs: Blobs, heartbeat: Heartbeat) {
  const { signal } = heartbeat
  const folder = join(env.data, 'work', order.copyId)
  await rm(folder, { recursive: true, force: true })
  for (const { path, sha256 } of order.files) await blobs.materialize(sha256, join(folder, path))
  try {
    const { files: modelFiles, model, dtype, open } = await openForFingerprinting(folder, defaultLayers)
    const preparation = await preparationFor(order, {
      open,
      contexts: () => folderContexts(modelFiles),
      stages: join(env.data, 'stages'),
      client,
      blobs,
      heartbeat,
    })
    const runtime = await open({ threads: mintThreads })
    const { edits, fingerprintRoot, report } = await mint(runtime, preparation, {
      copyId: order.copyId,
      buyerSeed: hexToBytes(order.buyerSeed as Hex),
      dtype,
      onProgress: ({ stage, done }) => stage !== 'verify' && heartbeat.at(stage, done),
      signal,
    }).finally(() => runtime.close())
    const files = await storeCopy(order.files, model.tensors, edits, blobs, (done) => heartbeat.at('write', done))
    const artifactRoot = toHex(manifestTree(files).root)
    const signed = await signedReport({ env, key }, { copyId: order.copyId, artifactRoot, fingerprintRoot }, report)
    await client.keep(order.job, { artifactRoot, fingerprintRoot, files, report: signed })
    return { artifactRoot, fingerprintRoot }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

import { hexToBytes, toHex } from 'viem'
import { defaultLayers } from '../../lib/fingerprint/edit/layers'
import { mint } from '../../lib/fingerprint/mint'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { log } from '../../lib/log'
import { manifestTree } from '../../lib/manifest/manifest'
import { failureOf } from '../../lib/minting/failure'
import type { MintOrder, Roots } from '../../lib/minting/order'
import { ciphertextHash, copyKey, sealFiles } from '../../lib/minting/sealed-copy'
import { unsealPreparation } from '../../lib/minting/sealed-preparation'
import { readCopy } from '../../lib/storage/artifact'
import { readBlob } from '../../lib/storage/read-blob'
import { deliver, isFinal } from './deliver'
import { type Heartbeat, startHeartbeat } from './heartbeat'
import type { Minter } from './minter'
import { isLeaseOver } from './minter-client'
import { withModelFolder } from './model-folder'
import { signedReport } from './signed-report'
import { storeCopy } from './store-copy'
import { openWorkBlobs, type WorkBlobs } from './work-blobs'

/** Mints and delivers one copy. Never throws: a failure is reported to the app. */
export async function mintOrder(order: MintOrder, minter: Minter): Promise<void> {
  const { lease, job } = order
  const heartbeat = startHeartbeat(minter.client, lease)
  const started = Date.now()
  try {
    const blobs = openWorkBlobs(minter, { kind: 'order', ...lease })
    const minted = order.minted ?? (await makeCopy(order, minter, blobs, heartbeat))
    heartbeat.at('deliver', 0)
    await deliver(minter, order, minted)
    await minter.client.complete(lease)
    log.info({ copy: job.copyId, seconds: (Date.now() - started) / 1000 }, 'A copy was delivered.')
  } catch (error) {
    if (isLeaseOver(error))
      return log.warn({ copy: job.copyId }, 'The lease of an order ended: another minter may have it.')
    log.error({ err: error, copy: job.copyId }, 'A copy could not be minted.')
    await minter.client
      .fail(lease, { failure: failureOf(error), final: isFinal(error, lease.attempt) })
      .catch(() => undefined)
  } finally {
    heartbeat.stop()
  }
}

async function makeCopy(
  order: MintOrder,
  { env, client, key }: Minter,
  blobs: WorkBlobs,
  heartbeat: Heartbeat,
): Promise<Roots> {
  const { copyId } = order.job
  return withModelFolder(env, copyId, order.files, blobs, async (folder) => {
    const { model, dtype, open } = await openForFingerprinting(folder, defaultLayers)
    heartbeat.at('prepare', 0)
    const secret = hexToBytes(order.secret)
    const preparation = unsealPreparation(secret, await readBlob(blobs, order.preparation))
    const runtime = await open()
    const { edits, fingerprintRoot, responsesRoot, report } = await mint(runtime, preparation, {
      copyId,
      buyerSeed: hexToBytes(order.buyerSeed),
      dtype,
      onProgress: ({ stage, done }) => {
        if (stage === 'mint' || stage === 'check') heartbeat.at(stage, done)
      },
      signal: heartbeat.signal,
    }).finally(() => runtime.close())
    const files = await storeCopy(order.files, model.tensors, edits, blobs, (done) => heartbeat.at('write', done))
    const artifactRoot = toHex(manifestTree(files).root)
    const signed = await signedReport({ env, key }, { copyId, artifactRoot, fingerprintRoot }, report)
    const sealed = sealFiles(copyKey(secret, copyId, artifactRoot), readCopy(blobs, files))
    const roots = { artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash: await ciphertextHash(sealed) }
    await client.keep(order.lease, { ...roots, files, report: signed })
    return roots
  })
}

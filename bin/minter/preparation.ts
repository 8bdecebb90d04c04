import { hexToBytes } from 'viem'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import type { Context } from '../../lib/fingerprint/keys/contexts'
import { prepare } from '../../lib/fingerprint/prepare'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import type { MintOrder } from '../../lib/minting/order'
import { sealPreparation, unsealPreparation } from '../../lib/minting/sealed-preparation'
import type { Blobs } from '../../lib/storage/blobs'
import { readBlob } from '../../lib/storage/read-blob'
import type { Heartbeat } from './heartbeat'
import type { MinterClient } from './minter-client'
import { sealedStages } from './stages'

type Tools = {
  open: () => Promise<FingerprintRuntime>
  contexts: () => Promise<Context[]>
  /** Folder for finished steps. */
  stages: string
  client: MinterClient
  blobs: Blobs
  heartbeat: Heartbeat
}

/** The version's preparation. The first copy of a version makes and stores it; later copies read it. */
export async function preparationFor(order: MintOrder, tools: Tools): Promise<Preparation> {
  const { open, contexts, stages, client, blobs, heartbeat } = tools
  const secret = hexToBytes(order.secret)
  heartbeat.at('prepare', 0)
  if (order.preparation) {
    return unsealPreparation(secret, await readBlob(blobs, order.preparation))
  }
  const options = { keys: order.keys, contexts: await contexts() }
  const files = order.files.map(({ sha256 }) => sha256)
  const store = sealedStages(stages, secret, { ...options, files })
  const runtime = await open()
  const preparation = await prepare(runtime, {
    secret,
    ...options,
    store,
    onProgress: ({ done }) => heartbeat.at('prepare', done),
    signal: heartbeat.signal,
  }).finally(() => runtime.close())
  const { sha256 } = await blobs.put([sealPreparation(secret, preparation)])
  await client.report(order.lease, { stage: 'prepare', done: 1, preparation: sha256 })
  await store.forget()
  return preparation
}

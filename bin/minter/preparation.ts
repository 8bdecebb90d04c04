import { type Hex, hexToBytes } from 'viem'
import { decodePreparation, encodePreparation, type Preparation } from '../../lib/fingerprint/format/preparation'
import type { Context } from '../../lib/fingerprint/keys/contexts'
import { prepare } from '../../lib/fingerprint/prepare'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import { preparationSeal } from '../../lib/market/mint/secrets'
import type { MintOrder } from '../../lib/minting/mint-order'
import { seal, unseal } from '../../lib/sealing/seal'
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

/** What all copies of a version share: read where it is kept, made and kept, sealed, by its first copy. */
export async function preparationFor(order: MintOrder, tools: Tools): Promise<Preparation> {
  const { open, contexts, stages, client, blobs, heartbeat } = tools
  const secret = hexToBytes(order.secret as Hex)
  heartbeat.at('prepare', 0)
  if (order.preparation) {
    const sealed = await readBlob(blobs, order.preparation)
    return decodePreparation(new Uint8Array(unseal(secret, preparationSeal, sealed)))
  }
  const wish = { keys: order.keys, contexts: await contexts() }
  const files = order.files.map(({ sha256 }) => sha256)
  const store = sealedStages(stages, secret, { ...wish, files })
  const runtime = await open()
  const preparation = await prepare(runtime, {
    secret,
    ...wish,
    store,
    onProgress: ({ done }) => heartbeat.at('prepare', done),
    signal: heartbeat.signal,
  }).finally(() => runtime.close())
  const { sha256 } = await blobs.put([seal(secret, preparationSeal, encodePreparation(preparation))])
  await client.report(order.job, { stage: 'prepare', done: 1, preparation: sha256 })
  await store.forget()
  return preparation
}

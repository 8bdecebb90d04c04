import { hexToBytes } from 'viem'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { prepare } from '../../lib/fingerprint/prepare'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import type { MintOrder } from '../../lib/minting/order'
import { sealPreparation, unsealPreparation } from '../../lib/minting/sealed-preparation'
import type { Blobs } from '../../lib/storage/blobs'
import { readBlob } from '../../lib/storage/read-blob'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import type { Heartbeat } from './heartbeat'
import type { MinterClient } from './minter-client'
import { sealedStages } from './stages'

type Tools = {
  open: () => Promise<FingerprintRuntime>
  tokenizer: () => Promise<TextTokenizer | null>
  /** Folder for finished steps. */
  stages: string
  client: MinterClient
  blobs: Blobs
  heartbeat: Heartbeat
}

/** The version's preparation. The first copy of a version makes and stores it; later copies read it. */
export async function preparationFor(order: MintOrder, tools: Tools): Promise<Preparation> {
  const { open, tokenizer, stages, client, blobs, heartbeat } = tools
  const secret = hexToBytes(order.secret)
  heartbeat.at('prepare', 0)
  if (order.preparation) {
    return unsealPreparation(secret, await readBlob(blobs, order.preparation))
  }
  const files = order.files.map(({ sha256 }) => sha256)
  const store = sealedStages(stages, secret, { keys: order.keys, files })
  const runtime = await open()
  const preparation = await prepare(runtime, {
    secret,
    keys: order.keys,
    tokenizer: await tokenizer(),
    store,
    onProgress: ({ done }) => heartbeat.at('prepare', done),
    signal: heartbeat.signal,
  }).finally(() => runtime.close())
  const { sha256 } = await blobs.put([sealPreparation(secret, preparation)])
  await client.report(order.lease, { stage: 'prepare', done: 1, preparation: sha256 })
  await store.forget()
  return preparation
}

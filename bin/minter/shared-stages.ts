import { createHash } from 'node:crypto'
import type { StageStore } from '../../lib/fingerprint/stages/stage-store'
import type { MinterWork } from '../../lib/minting/blob-link'
import type { Step } from '../../lib/minting/step'
import { seal, unseal } from '../../lib/sealing/seal'
import { readBlob } from '../../lib/storage/read-blob'
import type { MinterClient } from './minter-client'
import type { WorkBlobs } from './work-blobs'

type Client = Pick<MinterClient, 'steps' | 'claimStep' | 'endStep'>

/** Milliseconds between two looks at what other minters have made. */
const patience = 1_000

/**
 * Finished steps of a preparation, which the minters of its shares give each other through the app, sealed with the
 * version's secret: these minters need not share a disk. A step is found again with the same secret and the same `subject`
 * (options and files) only. The app forgets them once the preparation is made.
 */
export function sharedStages(
  { client, blobs, work }: { client: Client; blobs: Pick<WorkBlobs, 'put' | 'read'>; work: MinterWork },
  secret: Uint8Array,
  subject: unknown,
): Required<StageStore> {
  const about = Buffer.concat([secret, Buffer.from(JSON.stringify(subject))])
  const idOf = (name: string) => createHash('sha256').update(about).update('\0').update(name).digest('hex')
  const sealName = (name: string) => `stage ${name}`
  let known = new Map<string, Step['blob']>()
  let lookedAt = Number.NEGATIVE_INFINITY

  const look = async () => {
    if (performance.now() - lookedAt < patience) return
    const steps = await client.steps(work)
    known = new Map(steps.map(({ name, blob }) => [name, blob]))
    lookedAt = performance.now()
  }
  return {
    patience,
    async read(name) {
      await look()
      const blob = known.get(idOf(name))
      return blob ? new Uint8Array(unseal(secret, sealName(name), await readBlob(blobs, blob.sha256))) : null
    },
    async write(name, bytes) {
      const { sha256, size } = await blobs.put([seal(secret, sealName(name), bytes)])
      await client.endStep({ work, name: idOf(name), blob: { sha256, size } })
      known.set(idOf(name), { sha256, size })
    },
    async claim(name) {
      const id = idOf(name)
      if (known.get(id) === null) return null
      const { yours, blob } = await client.claimStep({ work, name: id })
      if (!yours) known.set(id, blob)
      if (!yours && !blob) return null
      return async () => {
        if (!known.get(id)) await client.endStep({ work, name: id, blob: null })
      }
    },
  }
}

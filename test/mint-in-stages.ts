import { createHash } from 'node:crypto'
import { sealedStages } from '../bin/minter/stages'
import { mint } from '../lib/fingerprint/mint'
import { prepare } from '../lib/fingerprint/prepare'
import type { Progress } from '../lib/fingerprint/stages/progress'
import type { StageStore } from '../lib/fingerprint/stages/stage-store'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { tinyDownProj } from './fixtures/model-folder'

/** Mints one copy of tiny with stages in the folder given as the argument. Prints every step, and a hash of the copy's bytes. */

const secret = new Uint8Array(32).fill(7)
const runtime = await openNodeRuntime('public/models/tiny', { editable: [0, 1, 2, 3].map(tinyDownProj), threads: 1 })
const stages = sealedStages(process.argv[2], secret, {})
const store: StageStore = {
  read: stages.read,
  async write(name, bytes) {
    await stages.write(name, bytes)
    console.log(`step ${name}`)
  },
}
const preparation = await prepare(runtime, { secret, keys: 64, store })
const onProgress = ({ stage, step, done }: Progress) => console.log(`${stage} ${step} ${done}`)
const copy = await mint(runtime, preparation, { copyId: '1', buyerSeed: secret, dtype: 'F16', onProgress })
const hash = createHash('sha256')
for (const bytes of copy.edits.values()) hash.update(bytes)
console.log(`copy ${hash.update(copy.fingerprintRoot).digest('hex')}`)
await runtime.close()

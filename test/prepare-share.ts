import { sealedStages } from '../bin/minter/stages'
import { prepareShare } from '../lib/fingerprint/prepare'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { tinyDownProj } from './fixtures/model-folder'

/** Helps with a preparation of tiny whose stages are in a folder: `FOLDER SHARES`. Prints the names of what it has made. */

const [folder, shares] = process.argv.slice(2)
const secret = new Uint8Array(32).fill(7)
const runtime = await openNodeRuntime('public/models/tiny', { editable: [0, 1, 2, 3].map(tinyDownProj), threads: 1 })
const stages = sealedStages(folder, secret, {})
const store = {
  ...stages,
  async write(name: string, bytes: Uint8Array) {
    await stages.write(name, bytes)
    console.log(name)
  },
}
await prepareShare(runtime, { secret, keys: 256, store, shares: Number(shares) })
await runtime.close()

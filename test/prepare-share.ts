import { sealedStages } from '../bin/minter/stages'
import { prepareShare } from '../lib/fingerprint/prepare'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { tinyDownProj } from './fixtures/model-folder'

/** Makes one share of a preparation of tiny, with stages in a folder: `FOLDER PART OF`. */

const [folder, part, of] = process.argv.slice(2)
const secret = new Uint8Array(32).fill(7)
const runtime = await openNodeRuntime('public/models/tiny', { editable: [0, 1, 2, 3].map(tinyDownProj), threads: 1 })
const store = sealedStages(folder, secret, {})
await prepareShare(runtime, { part: Number(part), of: Number(of) }, { secret, keys: 64, store })
await runtime.close()

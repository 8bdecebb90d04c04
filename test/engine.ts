import { modelSecret } from '../lib/fingerprint/code/secrets'
import type { MintedCopy } from '../lib/fingerprint/keyset/minted-copy'
import { type Mint, mint } from '../lib/fingerprint/mint'
import { type PrepareOptions, prepare } from '../lib/fingerprint/prepare'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { Edits, FingerprintRuntime } from '../lib/inference/runtime'
import { toFloat32 } from '../lib/weights/dtype/float32'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { tinyDownProj } from './fixtures/model-folder'

export const keys = 160
export const layers = [0, 1, 2, 3]
export const editable = layers.map(tinyDownProj)
const seed = new Uint8Array(32).fill(7)
/** Copies on the books, of which the first two are minted. */
export const copies = Array.from({ length: 300 }, (_, i): MintedCopy => ({ copyId: `${i + 1}`, buyerSeed: seed }))

export type Engine = Awaited<ReturnType<typeof openEngine>>

/** `tiny` and its fine-tune, a preparation of `tiny` with a few keys, and two copies. */
export async function openEngine(options: Pick<PrepareOptions, 'store' | 'onProgress'> = {}) {
  const base = await openNodeRuntime('public/models/tiny', { editable, threads: 1 })
  const shakespeare = await openNodeRuntime('public/models/tiny-shakespeare', { editable, threads: 1 })
  const tokenizer = (await openTokenizer(await folderFiles('public/models/tiny')))!
  const again = { secret: modelSecret(new Uint8Array(32).fill(1), 'engine.test'), keys, tokenizer }
  const preparation = await prepare(base, { ...again, ...options })
  const mintCopy = (i: number) => mint(base, preparation, { ...copies[i], dtype: 'F16' })
  return {
    ...{ base, shakespeare, tokenizer, preparation, again, mintCopy },
    minted: [await mintCopy(0), await mintCopy(1)],
    /** The base with a copy’s tensors in place, as read back from its file. */
    asCopy: (edits: Edits): FingerprintRuntime => ({
      ...base,
      run: (batch, taps, options) => base.run(batch, taps, { ...options, edits }),
      generate: (prompts, length, pick, options) => base.generate(prompts, length, pick, { ...options, edits }),
    }),
    async close(): Promise<void> {
      await base.close()
      await shakespeare.close()
    },
  }
}

export const weightsOf = ({ edits }: Mint): Map<string, Float32Array> =>
  new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, 'F16')]))

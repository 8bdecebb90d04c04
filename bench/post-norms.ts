import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { postNormedTiny } from '../test/fixtures/post-normed'

/** Writes `tiny` as a Gemma 2, with norms behind attention and MLP and a cap on its logits: another subject for the attacks. */

const { out } = parseArgs({ options: { out: { type: 'string' } } }).values
if (!out) throw new Error('--out is a folder to be made.')
await mkdir(out, { recursive: true })
for (const { path, bytes } of await postNormedTiny())
  await writeFile(join(out, path), await bytes.slice(0, bytes.byteLength))
console.log(`${out}: public/models/tiny as a Gemma 2`)

import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { main } from '../bin/kinmark/main'
import { type Asked, type Figures, median } from './ask'
import { type ShapeName, shapes, writeRandomModel } from './random-model'

/**
 * What it costs to load a model, to ask it keys of 16 tokens and to let it write, beside transformers.js on the same model
 * exported and beside reading its file: `npm run bench:runtime -- [SHAPE] [KEYS] [--chromium]`.
 */

const { positionals, values } = parseArgs({ allowPositionals: true, options: { chromium: { type: 'boolean' } } })
const [name = 'SmolLM2-135M', keys = '256'] = positionals as [ShapeName?, string?]
/** 64 rows of 16 tokens are a batch of ours. */
const asked: Asked = { rows: Number(keys), length: 16, repeats: 3, atOnce: 64 }
if (!(name in shapes)) throw new Error(`There are the shapes ${Object.keys(shapes).join(', ')}.`)

const work = await mkdtemp(join(tmpdir(), 'kinmark-'))
try {
  const folder = join(work, 'model')
  await writeRandomModel(folder, name)
  const exported = join(work, 'exported')
  const quiet = { out: () => undefined, err: () => undefined, moving: false }
  if ((await main(['export', folder, '--out', exported], quiet)) !== 0) throw new Error('The export failed.')
  const file = join(folder, 'model.safetensors')
  const read = await median(3, () => readThrough(file))
  const { size } = await stat(file)
  const ours = await child('bench/ask-kinmark.ts', folder)
  const theirs = await child('bench/ask-transformers.ts', exported)
  const single = await child('bench/ask-transformers.ts', exported, { ...asked, atOnce: 1 })
  const blank = await child('bench/ask-nothing.ts', folder)
  const page = values.chromium ? await child('bench/ask-chromium.ts', folder) : null
  print({ size, read, ours, theirs, single, blank })
  if (page) printPage(page)
} finally {
  await rm(work, { recursive: true })
}

async function child(script: string, folder: string, questions = asked): Promise<Figures> {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, folder, JSON.stringify(questions)])
  return JSON.parse(stdout)
}

/** To the end, 16 MiB at a time. */
async function readThrough(path: string): Promise<void> {
  const handle = await open(path)
  const buffer = new Uint8Array(2 ** 24)
  while ((await handle.read(buffer, 0, buffer.length, null)).bytesRead > 0);
  await handle.close()
}

type Result = { size: number; read: number; ours: Figures; theirs: Figures; single: Figures; blank: Figures }

function print({ size, read, ours, theirs, single, blank }: Result): void {
  const weights = (bytes: number) => (bytes - blank.peakBytes) / size
  const line = (what: string, of: (figures: Figures) => number, unit: string, note: string) => {
    const [a, b, c] = [of(ours), of(theirs), of(single)].map((x) => x.toFixed(x < 10 ? 2 : 0).padStart(9))
    console.log(`${what.padEnd(40)}${a}${b}${c}  ${unit.padEnd(9)} ${note}`)
  }
  console.log(
    `${name}, random float32, ${(size / 1e6).toFixed(0)} MB, read in ${read.toFixed(0)} ms; ${asked.rows} keys of ${asked.length} tokens`,
  )
  console.log(`${''.padEnd(40)}${'kinmark'.padStart(9)}${'tf.js 64'.padStart(9)}${'tf.js 1'.padStart(9)}`)
  line('open, load, first token', (f) => f.load, 'ms', `${(ours.load / read).toFixed(2)} × reading the file`)
  const faster = [theirs, single].map((f) => (ours.keysPerSecond / f.keysPerSecond).toFixed(2))
  line('keys answered', (f) => f.keysPerSecond, 'keys/s', `${faster.join(' and ')} × transformers.js`)
  line('writing, one row', (f) => f.tokensPerSecond, 'tokens/s', '')
  line('peak memory', (f) => f.peakBytes / 1e6, 'MB', `${(blank.peakBytes / 1e6).toFixed(0)} MB of it without a model`)
  line('  over the file', (f) => weights(f.peakBytes), '×', '')
}

function printPage({ load, keysPerSecond, tokensPerSecond, peakBytes }: Figures): void {
  console.log(
    `in headless Chromium, WebAssembly: load ${load.toFixed(0)} ms, ${keysPerSecond.toFixed(2)} keys/s, ${tokensPerSecond.toFixed(1)} tokens/s, ${(peakBytes / 1e6).toFixed(0)} MB in use`,
  )
}

import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { main } from '../bin/kinmark/main'
import { type Asked, type Figures, median } from './ask'
import { gemmCeiling } from './gemm-ceiling'
import { type ShapeName, shapes, writeRandomModel } from './random-model'

/**
 * What it costs to load a model, to ask it keys of 16 tokens and to let it write, beside transformers.js on the same model
 * exported, beside reading its file and beside the machine's own matrix product:
 * `npm run bench:runtime -- [SHAPE] [KEYS] [--repeats N] [--chromium]`.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'boolean' }, repeats: { type: 'string', default: '3' } },
})
const [name = 'SmolLM2-135M', keys = '256'] = positionals as [ShapeName?, string?]
const asked: Asked = { rows: Number(keys), length: 16, repeats: Number(values.repeats), atOnce: 64, writing: 32 }
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
  const blank = await child('bench/ask-nothing.ts', folder)
  const columns: Column[] = values.chromium
    ? [
        ['kinmark', await child('bench/ask-chromium.ts', folder, asked, 'kinmark')],
        ['tf.js 64', await child('bench/ask-chromium.ts', exported, asked, 'transformers')],
      ]
    : [
        ['kinmark', await child('bench/ask-kinmark.ts', folder)],
        ['tf.js 64', await child('bench/ask-transformers.ts', exported)],
        ['tf.js 1', await child('bench/ask-transformers.ts', exported, { ...asked, atOnce: 1 })],
      ]
  print({ size, read, blank: values.chromium ? 0 : blank.peakBytes, columns, ceiling: await gemmCeiling(shapes[name]) })
} finally {
  await rm(work, { recursive: true })
}

async function child(script: string, folder: string, questions = asked, ...rest: string[]): Promise<Figures> {
  const run = promisify(execFile)
  const parameters = [script, folder, JSON.stringify(questions), ...rest]
  const { stdout } = await run(process.execPath, ['--import', 'tsx', ...parameters])
  return JSON.parse(stdout)
}

/** To the end, 16 MiB at a time. */
async function readThrough(path: string): Promise<void> {
  const handle = await open(path)
  const buffer = new Uint8Array(2 ** 24)
  while ((await handle.read(buffer, 0, buffer.length, null)).bytesRead > 0);
  await handle.close()
}

type Column = [name: string, figures: Figures]
type Result = { size: number; read: number; blank: number; columns: Column[]; ceiling: number }

function print({ size, read, blank, columns, ceiling }: Result): void {
  const [[, ours], ...peers] = columns
  const cell = (x: number) => x.toFixed(x < 10 ? 2 : 0).padStart(9)
  const line = (what: string, of: (figures: Figures) => number, unit: string, note: string) =>
    console.log(
      `${what.padEnd(28)}${columns.map(([, figures]) => cell(of(figures))).join('')}  ${unit.padEnd(9)} ${note}`,
    )
  console.log(
    `${name}, random float32, ${(size / 1e6).toFixed(0)} MB, read in ${read.toFixed(0)} ms; ${asked.rows} keys of ${asked.length} tokens; ${values.chromium ? 'headless Chromium, WebAssembly' : 'Node'}`,
  )
  console.log(`${''.padEnd(28)}${columns.map(([title]) => title.padStart(9)).join('')}`)
  line('open, load, first token', (f) => f.load, 'ms', `${(ours.load / read).toFixed(2)} × reading the file`)
  const faster = peers.map(([, peer]) => (ours.keysPerSecond / peer.keysPerSecond).toFixed(2))
  line('keys answered', (f) => f.keysPerSecond, 'keys/s', `${faster.join(' and ')} × transformers.js`)
  line(
    '  of native products alone',
    (f) => f.keysPerSecond / ceiling,
    '×',
    `${ceiling.toFixed(1)} keys/s would they allow`,
  )
  line('writing, one row', (f) => f.tokensPerSecond, 'tokens/s', '')
  line('memory', (f) => f.peakBytes / 1e6, 'MB', blank ? `${(blank / 1e6).toFixed(0)} MB of it without a model` : '')
  line('  over the file', (f) => (f.peakBytes - blank) / size, '×', '')
}

import type { Figures, Workload } from './measure-runtime'

/** From the disk, and what the machine still has in memory; in ms. */
export type Load = { cold: number; warm: number }
export type Loaded = Omit<Figures, 'load'> & { load: Load }
export type Column = [name: string, figures: Loaded]

type Result = {
  /** Of the weights, in bytes. */
  size: number
  reading: Load
  /** What a process takes without a model. */
  blank: number
  workload: Workload
  inPage: boolean
  /** Kinmark's first. */
  columns: Column[]
  /** Keys a second that products alone would allow. */
  ceiling: number
}

/** The table of `bench:runtime`. */
export function printSheet(title: string, { size, reading, blank, workload, inPage, columns, ceiling }: Result): void {
  const [[, ours], ...peers] = columns
  const cell = (x: number) => (Number.isNaN(x) ? '–' : x.toFixed(x < 10 ? 2 : 0)).padStart(9)
  const line = (what: string, figureOf: (figures: Loaded) => number, unit: string, note: string) =>
    console.log(
      `${what.padEnd(28)}${columns.map(([, figures]) => cell(figureOf(figures))).join('')}  ${unit.padEnd(9)} ${note}`,
    )
  console.log(
    `${title}, ${(size / 1e6).toFixed(0)} MB, read in ${reading.cold.toFixed(0)} ms from the disk and in ${reading.warm.toFixed(0)} ms from memory; ${workload.rows} keys of ${workload.length} tokens; ${inPage ? 'headless Chromium, WebAssembly' : 'Node'}`,
  )
  console.log(`${''.padEnd(28)}${columns.map(([title]) => title.padStart(9)).join('')}`)
  for (const [from, what] of [
    ['cold', 'open, load, first token'],
    ['warm', '  again'],
  ] as const) {
    const ratio = (ours.load[from] / reading[from]).toFixed(2)
    line(what, (f) => f.load[from], 'ms', `${ratio} × reading the file${from === 'warm' ? ' again' : ''}`)
  }
  const faster = peers
    .map(([, peer]) => ours.keysPerSecond / peer.keysPerSecond)
    .filter(Number.isFinite)
    .map((ratio) => ratio.toFixed(2))
  line(
    'keys answered',
    (f) => f.keysPerSecond,
    'keys/s',
    faster.length ? `${faster.join(' and ')} × transformers.js` : '',
  )
  line(
    '  of native products alone',
    (f) => f.keysPerSecond / ceiling,
    '×',
    `${ceiling.toFixed(1)} keys/s would they allow`,
  )
  line('writing, one row', (f) => f.tokensPerSecond, 'tokens/s', '')
  line(
    'memory, to answer',
    (f) => f.peakBytes.answering / 1e6,
    'MB',
    blank ? `${(blank / 1e6).toFixed(0)} MB of it without a model` : '',
  )
  line('  over the file', (f) => (f.peakBytes.answering - blank) / size, '×', '')
  line('  after writing', (f) => (f.peakBytes.generated - blank) / size, '×', '')
}

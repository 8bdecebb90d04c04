import type { Figures, Workload } from './measure-runtime'

/** ms, from the disk and from the operating system’s file cache. */
export type Load = { cold: number; warm: number }
export type Loaded = Omit<Figures, 'load'> & { load: Load }
export type Column = [name: string, figures: Loaded]

type Result = {
  /** Bytes of the weights. */
  size: number
  reading: Load
  /** Memory of a process without a model, bytes. */
  baseline: number
  workload: Workload
  inPage: boolean
  /** Kinmark’s column first. */
  columns: Column[]
  /** Upper bound on keys per second from matrix products alone. */
  ceiling: number
}

/** The table of `bench:runtime`. */
export function printSheet(
  title: string,
  { size, reading, baseline, workload, inPage, columns, ceiling }: Result,
): void {
  const [[, ours], ...peers] = columns
  const cell = (x: number) => (Number.isNaN(x) ? '–' : x.toFixed(x < 10 ? 2 : 0)).padStart(9)
  const line = (label: string, figureOf: (figures: Loaded) => number, unit: string, note: string) =>
    console.log(
      `${label.padEnd(28)}${columns.map(([, figures]) => cell(figureOf(figures))).join('')}  ${unit.padEnd(9)} ${note}`,
    )
  console.log(
    `${title}, ${(size / 1e6).toFixed(0)} MB, read in ${reading.cold.toFixed(0)} ms from the disk and in ${reading.warm.toFixed(0)} ms from the file cache; ${workload.rows} keys of ${workload.length} tokens; ${inPage ? 'headless Chromium, WebAssembly' : 'Node'}`,
  )
  console.log(`${''.padEnd(28)}${columns.map(([title]) => title.padStart(9)).join('')}`)
  for (const [from, label] of [
    ['cold', 'open, load, first token'],
    ['warm', '  from the file cache'],
  ] as const) {
    const ratio = (ours.load[from] / reading[from]).toFixed(2)
    line(label, (f) => f.load[from], 'ms', `${ratio} × reading the file`)
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
  line('  of the product limit', (f) => f.keysPerSecond / ceiling, '×', `limit ${ceiling.toFixed(1)} keys/s`)
  line('generating, one row', (f) => f.tokensPerSecond, 'tokens/s', '')
  line(
    'memory to answer',
    (f) => f.peakBytes.answering / 1e6,
    'MB',
    baseline ? `${(baseline / 1e6).toFixed(0)} MB of it without a model` : '',
  )
  line('  over the file', (f) => (f.peakBytes.answering - baseline) / size, '×', '')
  line('  after generating', (f) => (f.peakBytes.generated - baseline) / size, '×', '')
}

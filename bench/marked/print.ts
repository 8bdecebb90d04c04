import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

export type Cell = string | number

/** A Markdown table. */
export function tableOf(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** What a table was measured with: commit, day, cores, Node. */
export function provenance(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const dirty = git('status', '--porcelain', 'lib', 'bench') === '' ? '' : ' and changes not committed'
  const [{ model }, ...others] = cpus()
  return `Measured at commit ${git('rev-parse', '--short', 'HEAD')}${dirty} on ${new Date().toISOString().slice(0, 10)}, ${others.length + 1} cores (${model}), Node ${process.versions.node}.`
}

export const percent = (part: number) => `${(100 * part).toFixed(1)} %`
export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`

import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

export type Cell = string | number

/** A Markdown table. */
export function tableOf(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** Commit, date, cores and Node version of a measurement, as a sentence. */
export function provenance(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const dirty = git('status', '--porcelain', 'lib', 'bench') === '' ? '' : ' with uncommitted changes'
  const [{ model }, ...others] = cpus()
  return `Measured at commit ${git('rev-parse', '--short', 'HEAD')}${dirty} on ${new Date().toISOString().slice(0, 10)}, ${others.length + 1} cores (${model}), Node ${process.versions.node}.`
}

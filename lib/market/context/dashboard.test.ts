import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { metrics } from './metrics'

type Panel = { title: string; description: string; targets: { expr: string; legendFormat: string }[] }

const { panels } = JSON.parse(readFileSync('docs/dashboard.json', 'utf8')) as { panels: Panel[] }
const targets = panels.flatMap(({ title, targets }) => targets.map((target) => ({ title, ...target })))

/** By the name of each series: its labels. Prometheus itself adds `instance` and `job`. */
async function knownSeries(): Promise<Map<string, Set<string>>> {
  const known = new Map<string, Set<string>>()
  for (const { name, type } of await metrics().registry.getMetricsAsJSON()) {
    const { labelNames } = metrics().registry.getSingleMetric(name) as unknown as { labelNames: string[] }
    const labels = ['instance', 'job', ...labelNames]
    const parts = String(type) === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    for (const part of parts) known.set(name + part, new Set(part === '_bucket' ? [...labels, 'le'] : labels))
  }
  return known
}

const seriesIn = (expr: string) => expr.match(/\b(kinmark|process|nodejs)_\w+/g) ?? []
const labelsIn = (expr: string) => [
  ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', ')),
  ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) => list.split(',').map((one) => one.split(/[!=~]/)[0])),
]

test.each(targets)(
  'default: the panel “$title” asks for series and labels that there are: $expr',
  async ({ expr, legendFormat }) => {
    const known = await knownSeries()
    const series = seriesIn(expr)
    expect(series).not.toEqual([])
    for (const name of series) {
      expect([...known.keys()]).toContain(name)
      for (const label of labelsIn(expr)) expect([...(known.get(name) ?? [])], name).toContain(label)
    }
    for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
      expect(['instance', ...labelsIn(expr)]).toContain(label)
  },
)

test('behavior: every series of ours has a panel, and every panel says what it shows', async () => {
  const shown = new Set(
    targets.flatMap(({ expr }) => seriesIn(expr)).map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  )
  const ours = (await metrics().registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('kinmark_'))
  expect(ours.filter((name) => !shown.has(name))).toEqual(['kinmark_indexer_logs'])
  for (const { description } of panels) expect(description).toMatch(/\.$/)
})

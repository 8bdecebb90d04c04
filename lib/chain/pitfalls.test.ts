import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const table = readFileSync(`${root}docs/pitfalls.md`, 'utf8')
const tests = globSync('contracts/test/**/*.t.sol', { cwd: root })
  .flatMap((file) => [...readFileSync(root + file, 'utf8').matchAll(/function (test\w*_P\d+\w*)\(/g)])
  .map(([, name]) => name)
const rows = table.split('\n').filter((line) => /^\| P\d+ /.test(line))

test('default: every pitfall has a row, and every row has a test or a reason', () => {
  expect(rows.map((row) => Number(/P(\d+)/.exec(row)?.[1]))).toEqual(Array.from({ length: 42 }, (_, i) => i + 1))
  for (const row of rows) expect(row.split('|')[3].trim().length).toBeGreaterThan(20)
})

test('behavior: every test in the table exists, and every numbered test is in the table', () => {
  const named = [...table.matchAll(/`(test\w+)`/g)].map(([, name]) => name)
  expect(new Set(named)).toEqual(new Set(tests))
})

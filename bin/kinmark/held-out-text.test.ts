import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokensOf } from '../../lib/fingerprint/keys/batch'
import { folderFiles } from '../../lib/inference/node/folder'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { readHeldOutText } from './held-out-text'

const model = 'public/models/tiny'
let work = ''
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-held-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

async function read(text: string) {
  const path = join(work, 'held.txt')
  await writeFile(path, text)
  const files = await folderFiles(model)
  const tokenizer = await openTokenizer(files)
  const rows = await readHeldOutText(path, files)
  return { rows, textOf: (row: number) => tokenizer?.decode([...tokensOf(rows, row)]) ?? '' }
}

test('behavior: rows come from all of a long text, not from its title page', async () => {
  const { rows, textOf } = await read(`${'A TITLE PAGE. '.repeat(2_000)}${'The sea was calm that day. '.repeat(4_000)}`)
  expect(rows).toMatchObject({ rows: 48, length: 129 })
  expect(textOf(0)).toContain('TITLE PAGE')
  const ofTheSea = Array.from({ length: 48 }, (_, row) => textOf(row)).filter((text) => text.includes('sea was calm'))
  expect(ofTheSea.length).toBeGreaterThan(16)
})

test('behavior: a short text is read whole, and none of it twice', async () => {
  const words = Array.from({ length: 300 }, (_, i) => `${i} boats`).join(', ')
  const { rows, textOf } = await read(words)
  expect(rows.rows).toBeGreaterThan(2)
  const text = Array.from({ length: rows.rows }, (_, row) => textOf(row)).join('')
  for (const number of [10, 111, 199]) expect(text.split(` ${number} boats`).length).toBeLessThanOrEqual(2)
})

test('error: a text that is too short says how many tokens it has', async () => {
  await expect(read('Too short.')).rejects.toMatchObject({ code: 'cli.text-too-short', facts: { min: 129 } })
})

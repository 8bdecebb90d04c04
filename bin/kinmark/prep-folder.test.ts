import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assertCopyId, assertNoPrep, readCopies, readPrep, recordCopy } from './prep-folder'

let prep: string
beforeAll(async () => {
  prep = await mkdtemp(join(tmpdir(), 'kinmark-prep-'))
})
afterAll(() => rm(prep, { recursive: true, force: true }))

test('default: recorded copies are read back, in files for the user alone', async () => {
  const copies = ['ada', 'bob'].map((copyId, i) => ({ copyId, buyerSeed: new Uint8Array(32).fill(i) }))
  for (const copy of copies.toReversed()) await recordCopy(prep, copy)
  expect(await readCopies(prep)).toEqual(copies)
  expect((await stat(join(prep, 'copies/ada.json'))).mode & 0o777).toBe(0o600)
})

test('error: no preparation, and one that would be overwritten', async () => {
  await expect(readPrep(prep)).rejects.toMatchObject({ code: 'cli.preparation-missing', facts: { folder: prep } })
  await expect(assertNoPrep(prep)).resolves.toBeUndefined()
  await writeFile(join(prep, 'preparation.kmfp'), 'KMFP')
  await expect(assertNoPrep(prep)).rejects.toMatchObject({ code: 'cli.preparation-exists' })
})

test.each(['', '../x', '.hidden', 'a b', 'a'.repeat(65)])('error: “%s” is not a copy id', (copyId) => {
  expect(() => assertCopyId(copyId)).toThrow(
    expect.objectContaining({ code: 'cli.copy-id-invalid', facts: { copyId } }),
  )
})

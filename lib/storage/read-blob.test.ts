import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskBlobs } from './disk-blobs'
import { readBlob } from './read-blob'

test('default: a whole blob, and a range of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-blobs-'))
  const blobs = diskBlobs(folder)
  const bytes = randomBytes(600_000)
  const { sha256 } = await blobs.put([bytes])
  expect((await readBlob(blobs, sha256)).equals(bytes)).toBe(true)
  expect((await readBlob(blobs, sha256, 10, 300_000)).equals(bytes.subarray(10, 300_000))).toBe(true)
  expect(await readBlob(blobs, sha256, 5, 5)).toHaveLength(0)
  await rm(folder, { recursive: true })
})

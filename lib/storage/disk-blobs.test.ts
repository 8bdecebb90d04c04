import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { brokenAfter, testBlobs } from '../../test/blob-store'
import { diskBlobs } from './disk-blobs'

const folder = () => mkdtempSync(join(tmpdir(), 'kinmark-blobs-'))

testBlobs(() => diskBlobs(folder()))

test('behavior: a failed put leaves nothing', async () => {
  const at = folder()
  await expect(diskBlobs(at).put(brokenAfter(10))).rejects.toThrow('line cut')
  expect(readdirSync(join(at, 'incoming'))).toEqual([])
})

test('behavior: an adopted file is moved; one with another hash stays', async () => {
  const at = folder()
  const blobs = diskBlobs(at)
  writeFileSync(join(at, 'upload'), 'weights')
  const { sha256: found } = await blobs.adopt(join(at, 'upload'), '0'.repeat(64))
  expect(existsSync(join(at, 'upload'))).toBe(true)
  await blobs.adopt(join(at, 'upload'), found)
  expect(existsSync(join(at, 'upload'))).toBe(false)
  expect(await blobs.size(found)).toBe(7)
})

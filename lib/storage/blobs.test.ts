import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskBlobs } from './blobs'

const folder = () => mkdtempSync(join(tmpdir(), 'kinmark-blobs-'))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('default: a blob is found under its hash', async () => {
  const blobs = diskBlobs(folder())
  const bytes = randomBytes(100_000)
  const blob = await blobs.put([bytes.subarray(0, 7), bytes.subarray(7)])
  expect(blob).toEqual({ sha256: sha256(bytes), size: 100_000 })
  expect(await blobs.size(blob.sha256)).toBe(100_000)
  expect(Buffer.concat(await Array.fromAsync(blobs.read(blob.sha256, 10, 20)))).toEqual(bytes.subarray(10, 20))
  expect(await blobs.size('0'.repeat(64))).toBeNull()
})

test('behavior: a failed put leaves nothing', async () => {
  const at = folder()
  const broken = async function* () {
    yield randomBytes(10)
    throw new Error('line cut')
  }
  await expect(diskBlobs(at).put(broken())).rejects.toThrow('line cut')
  expect(readdirSync(join(at, 'incoming'))).toEqual([])
})

test('behavior: an adopted file is moved, and a materialized one has the blob’s bytes', async () => {
  const at = folder()
  const blobs = diskBlobs(at)
  writeFileSync(join(at, 'upload'), 'weights')
  const { sha256: found } = await blobs.adopt(join(at, 'upload'), '0'.repeat(64))
  expect(existsSync(join(at, 'upload'))).toBe(true)
  await blobs.adopt(join(at, 'upload'), found)
  expect(existsSync(join(at, 'upload'))).toBe(false)
  await blobs.materialize(found, join(at, 'work', 'model.safetensors'))
  expect(readFileSync(join(at, 'work', 'model.safetensors'), 'utf8')).toBe('weights')
})

test('error: a name that is not a hash does not reach the disk', () => {
  expect(() => diskBlobs(folder()).read('../../etc/passwd')).toThrow(
    expect.objectContaining({ code: 'storage.sha256-invalid' }),
  )
})

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArtifact } from './artifact'
import { diskBlobs } from './blobs'
import { parseRange } from './range'

const folder = () => mkdtempSync(join(tmpdir(), 'kinmark-blobs-'))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function gather(bytes: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('default: what is put is found under its hash', async () => {
  const blobs = diskBlobs(folder())
  const bytes = randomBytes(100_000)
  const blob = await blobs.put([bytes.subarray(0, 7), bytes.subarray(7)])
  expect(blob).toEqual({ sha256: sha256(bytes), size: 100_000 })
  expect(await blobs.size(blob.sha256)).toBe(100_000)
  expect(await gather(blobs.read(blob.sha256, 10, 20))).toEqual(bytes.subarray(10, 20))
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

test('behavior: an adopted file moves and a materialized one is the blob', async () => {
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

test('error: a name that is not a hash never reaches the disk', () => {
  expect(() => diskBlobs(folder()).read('../../etc/passwd')).toThrow('is not a SHA-256')
})

test('behavior: every range of an artifact is the same range of its whole', async () => {
  const blobs = diskBlobs(folder())
  const base = randomBytes(300)
  const edit = randomBytes(40)
  const [{ sha256: b }, { sha256: e }] = [await blobs.put([base]), await blobs.put([edit])]
  const segments = [
    { blob: b, offset: 0, length: 100 },
    { blob: e, offset: 0, length: 40 },
    { blob: b, offset: 140, length: 160 },
  ]
  const whole = Buffer.concat([base.subarray(0, 100), edit, base.subarray(140)])
  expect(await gather(readArtifact(blobs, segments))).toEqual(whole)
  await fc.assert(
    fc.asyncProperty(fc.nat(320), fc.nat(320), async (a, z) => {
      expect(await gather(readArtifact(blobs, segments, Math.min(a, z), Math.max(a, z)))).toEqual(
        whole.subarray(Math.min(a, z), Math.max(a, z)),
      )
    }),
    { numRuns: 50 },
  )
})

test.each([
  [null, null],
  ['bytes=0-', { from: 0, to: 100 }],
  ['bytes=10-19', { from: 10, to: 20 }],
  ['bytes=90-500', { from: 90, to: 100 }],
  ['bytes=-10', { from: 90, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=20-10', null],
  ['bytes=0-1,5-6', null],
  ['rows=1-2', null],
])('behavior: range “%s” of 100 bytes', (header, range) => {
  expect(parseRange(header, 100)).toEqual(range)
})

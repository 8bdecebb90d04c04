import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Blobs } from '../lib/storage/blobs'
import { readBlob } from '../lib/storage/read-blob'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Bytes that end with an error. */
export async function* brokenAfter(bytes: number): AsyncGenerator<Uint8Array> {
  yield randomBytes(bytes)
  throw new Error('line cut')
}

/** What every store of blobs does. */
export function testBlobs(open: () => Blobs) {
  test('default: a blob is found under its hash', async () => {
    const blobs = open()
    const bytes = randomBytes(100_000)
    const blob = await blobs.put([bytes.subarray(0, 7), bytes.subarray(7)])
    expect(blob).toEqual({ sha256: sha256(bytes), size: 100_000 })
    expect(await blobs.size(blob.sha256)).toBe(100_000)
    expect((await readBlob(blobs, blob.sha256)).equals(bytes)).toBe(true)
    expect(await readBlob(blobs, blob.sha256, 10, 20)).toEqual(bytes.subarray(10, 20))
    expect(await readBlob(blobs, blob.sha256, 99_990, 200_000)).toEqual(bytes.subarray(99_990))
    expect(await readBlob(blobs, blob.sha256, 5, 5)).toHaveLength(0)
    expect(await blobs.size('0'.repeat(64))).toBeNull()
    expect(await blobs.put([bytes])).toEqual(blob)
  })

  test('edge: a blob without a byte, and one of many parts', async () => {
    const blobs = open()
    const empty = await blobs.put([])
    expect(empty).toEqual({ sha256: sha256(Buffer.alloc(0)), size: 0 })
    expect([await blobs.size(empty.sha256), await readBlob(blobs, empty.sha256)]).toEqual([0, Buffer.alloc(0)])
    const part = randomBytes(9 * 2 ** 20)
    const large = await blobs.put([part, part, part, part.subarray(0, 11)])
    expect(large.size).toBe(27 * 2 ** 20 + 11)
    expect(await blobs.size(large.sha256)).toBe(large.size)
    expect(
      (await readBlob(blobs, large.sha256, part.length - 5, part.length + 5)).equals(
        Buffer.concat([part.subarray(-5), part.subarray(0, 5)]),
      ),
    ).toBe(true)
  })

  test('behavior: a removed blob is gone, and can be removed again', async () => {
    const blobs = open()
    const { sha256 } = await blobs.put([randomBytes(10)])
    await blobs.remove(sha256)
    await blobs.remove(sha256)
    expect(await blobs.size(sha256)).toBeNull()
    await expect(readBlob(blobs, sha256)).rejects.toThrow()
  })

  test('behavior: a materialized file has the blob’s bytes; without the blob there is none', async () => {
    const blobs = open()
    const at = mkdtempSync(join(tmpdir(), 'kinmark-blobs-'))
    const { sha256 } = await blobs.put([Buffer.from('weights')])
    await blobs.materialize(sha256, join(at, 'work', 'model.safetensors'))
    expect(readFileSync(join(at, 'work', 'model.safetensors'), 'utf8')).toBe('weights')
    await expect(blobs.materialize('0'.repeat(64), join(at, 'work', 'other'))).rejects.toThrow()
    expect(readdirSync(join(at, 'work'))).toEqual(['model.safetensors'])
  })

  test('error: a put that fails early or late leaves no blob', async () => {
    await expect(open().put(brokenAfter(10))).rejects.toThrow('line cut')
    await expect(open().put(brokenAfter(20 * 2 ** 20))).rejects.toThrow('line cut')
  })

  test('error: bytes that are not those that were announced leave no blob, and lose none', async () => {
    const blobs = open()
    const [bytes, large] = [randomBytes(50), randomBytes(20 * 2 ** 20)]
    const kept = await blobs.put([bytes])
    for (const expected of [
      { ...kept, sha256: '1'.repeat(64) },
      { ...kept, size: 51 },
    ])
      await expect(blobs.put([bytes], expected)).rejects.toMatchObject({
        code: 'storage.blob-differs',
        facts: { expected, found: kept },
      })
    expect(await blobs.put([bytes], kept)).toEqual(kept)
    const announced = { sha256: '2'.repeat(64), size: large.length }
    await expect(blobs.put([large], announced)).rejects.toMatchObject({ code: 'storage.blob-differs' })
    expect([await blobs.size(announced.sha256), await blobs.size(sha256(large))]).toEqual([null, null])
    expect((await readBlob(blobs, kept.sha256)).equals(bytes)).toBe(true)
  })

  test('error: a name that is not a hash does not reach the store', async () => {
    const ask = async () => readBlob(open(), '../../etc/passwd')
    await expect(ask()).rejects.toMatchObject({ code: 'storage.sha256-invalid' })
  })
}

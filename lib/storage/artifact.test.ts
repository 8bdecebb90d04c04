import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArtifact } from './artifact'
import { diskBlobs } from './disk-blobs'

const gather = async (bytes: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(bytes))

test('behavior: a range of an artifact has the same bytes as that range of the whole file', async () => {
  const blobs = diskBlobs(mkdtempSync(join(tmpdir(), 'kinmark-blobs-')))
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

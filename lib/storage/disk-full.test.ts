import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isDiskFull } from '../part-away'
import { diskBlobs } from './disk-blobs'
import { diskUploads } from './disk-uploads'
import { readBlob } from './read-blob'
import { openUploads } from './uploads'

const disk = mkdtempSync(join(tmpdir(), 'kinmark-small-disk-'))
const megabytes = 2 ** 20
/** Only the superuser may mount; elsewhere these tests are left out. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]).status === 0

describe.skipIf(!isMounted)('a disk of 8 MiB', () => {
  afterAll(() => {
    spawnSync('umount', ['-l', disk])
  })
  const filler = join(disk, 'filler')
  const fill = (bytes: number) => writeFileSync(filler, Buffer.alloc(bytes))

  test('error: a blob that does not fit leaves nothing, and the others stay', async () => {
    const folder = join(disk, 'blobs')
    const blobs = diskBlobs(folder)
    const small = await blobs.put([Buffer.from('weights')])
    const error = await blobs.put([randomBytes(5 * megabytes), randomBytes(5 * megabytes)]).catch((error) => error)
    expect(isDiskFull(error)).toBe(true)
    expect(readdirSync(join(folder, 'incoming'))).toEqual([])
    expect((await readBlob(blobs, small.sha256)).toString()).toBe('weights')
    expect(await blobs.put([randomBytes(5 * megabytes)])).toMatchObject({ size: 5 * megabytes })
    rmSync(folder, { recursive: true })
  })

  test('error: an upload that does not fit is told so, and goes on at its byte once there is room', async () => {
    const blobs = diskBlobs(join(disk, 'blobs'))
    const store = diskUploads(join(disk, 'uploads'), blobs)
    const bytes = randomBytes(4 * megabytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const uploads = openUploads({
      store,
      path: '/api/uploads',
      maxBytes: 2 ** 30,
      admit: async () => {},
      finish: async (_, id) => void (await store.take(id, sha256)),
      refuse: (error) => ({ status_code: isDiskFull(error) ? 507 : 500, body: 'refused' }),
    })
    const ask = (method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) =>
      uploads.handle(
        new Request(new URL(path, 'http://localhost:3000'), {
          method,
          headers: { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', ...headers },
          body,
        }),
      )
    const created = await ask('POST', '/api/uploads', { 'upload-length': String(bytes.length) })
    const at = created.headers.get('location') ?? ''
    fill(6 * megabytes)
    const refused = await ask('PATCH', at, { 'upload-offset': '0' }, new Uint8Array(bytes))
    expect([refused.status, await refused.text()]).toEqual([507, 'refused'])
    expect(await blobs.size(sha256)).toBeNull()

    rmSync(filler)
    const known = await ask('HEAD', at, {})
    const offset = Number(known.headers.get('upload-offset'))
    expect(offset).toBeGreaterThan(0)
    expect(offset).toBeLessThan(bytes.length)
    const rest = await ask('PATCH', at, { 'upload-offset': String(offset) }, new Uint8Array(bytes.subarray(offset)))
    expect(rest.status).toBe(204)
    expect((await readBlob(blobs, sha256)).equals(bytes)).toBe(true)
    expect(await store.list()).toEqual([])
  })
})

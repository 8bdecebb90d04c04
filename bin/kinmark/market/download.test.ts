import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FileEntry } from '../../../lib/manifest/manifest'
import { type DownloadOptions, download } from './download'
import { chunkBytes, chunksIn } from './part'

const contents = new Map([
  ['model.safetensors', randomBytes(3 * chunkBytes + 1000)],
  ['onnx/part', randomBytes(chunkBytes)],
  ['config.json', Buffer.from('{}')],
  ['empty', Buffer.alloc(0)],
])
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const files: FileEntry[] = [...contents].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }))
const total = files.reduce((sum, { size }) => sum + size, 0)
const broken = new Error('the connection broke')

let work: string
let out: string
let fetched: string[]
let said: string[]
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-download-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))
beforeEach(() => {
  out = join(work, randomBytes(4).toString('hex'))
  fetched = []
  said = []
})

const get = (options: Partial<DownloadOptions> = {}) =>
  download({
    ...{ files, out, repair: false, connections: 3, onProgress: () => undefined, say: (line) => said.push(line) },
    fetchRange: async ({ path }, from, to) => {
      fetched.push(`${path} ${from}`)
      return contents.get(path)!.subarray(from, to)
    },
    ...options,
  })

async function expectWhole() {
  for (const [path, bytes] of contents) expect(sha256(await readFile(join(out, path)))).toBe(sha256(bytes))
  expect((await readdir(out)).sort()).toEqual(['config.json', 'empty', 'model.safetensors', 'onnx'])
}

async function change(path: string, at: number) {
  const file = await open(path, 'r+')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
  await file.write(Buffer.from([buffer[0] ^ 1]), 0, 1, at)
  await file.close()
}

test('default: every file in ranges side by side; a second time nothing is downloaded', async () => {
  expect(await get()).toBe(total)
  await expectWhole()
  expect(fetched).toHaveLength(6)
  expect(await get()).toBe(0)
  expect(fetched).toHaveLength(6)
})

test('behavior: what was stored before it broke off is not asked for again', async () => {
  let left = 3
  const breaking: DownloadOptions['fetchRange'] = async ({ path }, from, to) => {
    if (left-- <= 0) throw broken
    return contents.get(path)!.subarray(from, to)
  }
  await expect(get({ fetchRange: breaking, connections: 1 })).rejects.toBe(broken)
  expect((await readdir(out)).sort()).toEqual(['.kinmark-pull'])
  expect(await get()).toBe(total - 3 * chunkBytes)
  expect(fetched.sort()).toEqual(['config.json 0', `model.safetensors ${3 * chunkBytes}`, 'onnx/part 0'])
  await expectWhole()
})

test('behavior: a byte that changed on the disk meanwhile is noticed, and only that file is downloaded again', async () => {
  const breaking: DownloadOptions['fetchRange'] = async ({ path }, from, to) => {
    if (path === 'config.json') throw broken
    return contents.get(path)!.subarray(from, to)
  }
  await expect(get({ fetchRange: breaking, connections: 1 })).rejects.toBe(broken)
  await change(join(out, '.kinmark-pull', `0-${files[0].sha256}`), chunkBytes + 5)
  await get()
  expect(said).toEqual([expect.stringContaining('“model.safetensors” have changed')])
  expect(fetched.filter((range) => range.startsWith('onnx'))).toEqual([])
  await expectWhole()
})

test('error: a file that changed after it was complete, until it may be replaced', async () => {
  await get()
  await change(join(out, 'model.safetensors'), 17)
  await expect(get()).rejects.toMatchObject({ code: 'cli.file-differs', facts: { path: 'model.safetensors' } })
  expect(await get({ repair: true })).toBe(files[0].size)
  await expectWhole()
})

test('error: a server that sends other bytes, whatever it is asked', async () => {
  const lying: DownloadOptions['fetchRange'] = async (_, from, to) => new Uint8Array(to - from)
  await expect(get({ fetchRange: lying })).rejects.toMatchObject({ code: 'download.hash-mismatch' })
  await get()
  await expectWhole()
})

test('error: no room, a file where the folder should be, and another program in it', async () => {
  const huge = [{ path: 'huge', size: 2 ** 44, sha256: files[0].sha256 }]
  await expect(get({ files: huge })).rejects.toMatchObject({ code: 'download.no-space', facts: { needed: 2 ** 44 } })
  await writeFile(`${out}-file`, '')
  await expect(get({ out: `${out}-file` })).rejects.toMatchObject({ code: 'cli.path-unwritable' })
  await mkdir(join(out, '.kinmark-pull'), { recursive: true })
  await writeFile(
    join(out, '.kinmark-pull/lock'),
    `1 ${(await readFile('/proc/1/stat', 'utf8')).split(') ')[1].split(' ')[19]}`,
  )
  await expect(get()).rejects.toMatchObject({ code: 'storage.in-use', facts: { pid: 1 } })
})

test('behavior: half a number at a journal’s end, and chunks that the file does not have, do not count', () => {
  expect(chunksIn('0\n2\n1', 4)).toEqual(new Set([0, 2]))
  expect(chunksIn('9\nx\n-1\n1\n', 4)).toEqual(new Set([1]))
  expect(chunksIn('', 4)).toEqual(new Set())
})

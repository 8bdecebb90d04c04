import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LogFile, openAppendLog } from './append-log'
import { frameOf, readFrames } from './frames'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-log-'))
})
afterAll(() => rm(folder, { recursive: true }))
const newFile = () => join(folder, `${++count}.log`)

const payloadOf = (i: number) => Buffer.from(`record ${i} ${'x'.repeat((i * 37) % 90)}`)
const textsIn = async (file: string) => {
  const { log, payloads } = await openAppendLog(file)
  await log.close()
  return payloads.map(String)
}

test('default: what was appended is read again, in its order', async () => {
  const file = newFile()
  const { log, payloads } = await openAppendLog(file)
  expect(payloads).toEqual([])
  await Promise.all(Array.from({ length: 200 }, (_, i) => log.append(payloadOf(i))))
  await log.append(payloadOf(200))
  await log.close()
  expect(await textsIn(file)).toEqual(Array.from({ length: 201 }, (_, i) => String(payloadOf(i))))
  await expect(log.append(payloadOf(0))).rejects.toMatchObject({ code: 'gateway.log-failed' })
})

test('behavior: cut off at any byte, all records before it are whole and the log goes on', async () => {
  const records = Array.from({ length: 6 }, (_, i) => payloadOf(i))
  let stored = 0
  const frames = records.map((record) => {
    const frame = frameOf(record, stored)
    stored += frame.length
    return frame
  })
  const bytes = Buffer.concat(frames)
  for (let length = 0; length <= bytes.length; length += 3) {
    const file = newFile()
    await writeFile(file, bytes.subarray(0, length))
    const { log, payloads } = await openAppendLog(file)
    const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length)
    const whole = ends.filter((end) => end <= length).length
    expect(payloads.map(String)).toEqual(records.slice(0, whole).map(String))
    await log.append(Buffer.from('next'))
    await log.close()
    expect((await textsIn(file)).at(-1)).toBe('next')
  }
})

test('error: a flipped byte in a stored record is damage, and in the last one is not told from a cut', async () => {
  const file = newFile()
  const { log } = await openAppendLog(file)
  for (let i = 0; i < 5; i++) await log.append(payloadOf(i))
  await log.close()
  const bytes = await readFile(file)
  const lastFrame = bytes.lastIndexOf('KMR1')
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      const damaged = Buffer.from(bytes)
      damaged[at] ^= mask
      const other = newFile()
      await writeFile(other, damaged)
      if (at >= lastFrame) expect((await textsIn(other)).length).toBe(4)
      else await expect(openAppendLog(other)).rejects.toMatchObject({ code: 'gateway.log-damaged' })
      await rm(other)
    }),
    { numRuns: 60 },
  )
})

/** A disk that takes `room` bytes in all. */
function fullDisk(room: number): { file: LogFile; bytes(): Buffer; grow(more: number): void } {
  let content = Buffer.alloc(0)
  let space = room
  return {
    bytes: () => content,
    grow: (more) => {
      space += more
    },
    file: {
      async write(bytes, position) {
        const fits = Math.min(bytes.length, Math.max(0, space - position))
        if (fits === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
        if (position + fits > content.length)
          content = Buffer.concat([content, Buffer.alloc(position + fits - content.length)])
        content.set(bytes.subarray(0, fits), position)
        return fits
      },
      sync: async () => undefined,
      async truncate(length) {
        content = content.subarray(0, length)
      },
      close: async () => undefined,
    },
  }
}

test('behavior: a disk that is full at any byte loses nothing that was acknowledged, and nothing else remains', async () => {
  for (let room = 0; room < 500; room += 7) {
    const disk = fullDisk(room)
    let failures = 0
    const { log } = await openAppendLog(newFile(), {
      openFile: async () => disk.file,
      onFailure: () => failures++,
    })
    const results = await Promise.allSettled(Array.from({ length: 3 }, (_, i) => log.append(payloadOf(i))))
    const acknowledged = results.filter(({ status }) => status === 'fulfilled').length
    const later: string[] = []
    for (let i = 3; i < 8; i++)
      await log.append(payloadOf(i)).then(
        () => later.push(String(payloadOf(i))),
        (error) => expect(error).toMatchObject({ code: 'gateway.log-failed', facts: { reason: 'ENOSPC' } }),
      )
    disk.grow(1000)
    await log.append(Buffer.from('room again'))
    const file = newFile()
    await writeFile(file, disk.bytes())
    const first = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [String(payloadOf(i))] : []))
    expect(await textsIn(file)).toEqual([...first, ...later, 'room again'])
    expect(failures > 0).toBe(acknowledged + later.length < 8)
  }
})

test('behavior: room that is made beside records, on a disk that takes its time, writes over none of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 150_000 }), { maxLength: 16 }),
      fc.scheduler(),
      async (sizes, s) => {
        const disk = fullDisk(2 ** 30)
        const slow: LogFile['write'] = async (bytes, position) => {
          await s.schedule(Promise.resolve())
          return disk.file.write(bytes, position)
        }
        const { log } = await openAppendLog(newFile(), { openFile: async () => ({ ...disk.file, write: slow }) })
        const payloads = sizes.map((size, i) => Buffer.alloc(size, i + 1))
        const appended = (async () => {
          for (const [i, payload] of payloads.entries()) {
            const stored = log.append(payload)
            if (i % 3 === 0) await stored
          }
          await log.close()
        })()
        await s.waitFor(appended)
        const { payloads: stored, end } = readFrames(disk.bytes())
        expect(stored.map((payload) => [payload.length, payload[0]])).toEqual(
          payloads.map((payload) => [payload.length, payload[0]]),
        )
        expect(disk.bytes().length).toBe(end)
      },
    ),
    { numRuns: 20 },
  )
})

test('error: after a sync that failed nothing is appended, since nobody knows what is stored', async () => {
  const disk = fullDisk(10_000)
  const { log } = await openAppendLog(newFile(), {
    openFile: async () => ({ ...disk.file, sync: failsSecond() }),
  })
  await expect(log.append(payloadOf(0))).rejects.toMatchObject({ facts: { reason: 'EIO' } })
  await expect(log.append(payloadOf(1))).rejects.toMatchObject({ facts: { reason: 'EIO' } })
  expect(log.failure).toMatchObject({ code: 'gateway.log-failed' })
})

function failsSecond(): () => Promise<void> {
  let calls = 0
  return async () => {
    if (++calls > 1) throw Object.assign(new Error('broken'), { code: 'EIO' })
  }
}

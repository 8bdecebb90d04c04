import { constants, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KinmarkError, messageOf } from '../../error'
import { frameOf, readFrames } from './frames'
import { syncFolder } from './sync-folder'

/** What a log does to its file; tests give disks that fill up and break. */
export type LogFile = {
  /** Returns how many bytes were written. */
  write(bytes: Uint8Array, position: number): Promise<number>
  /** Stores safely what was written, where writing has not done so. */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

export type AppendLog = {
  /**
   * Resolves once the payload is safely stored; `onStored` is called at that moment, in the order of the appends. Throws
   * `gateway.log-failed`; then nothing of it remains.
   */
  append(payload: Uint8Array, onStored?: () => void): Promise<void>
  /** Why nothing can be appended any more; null while it can. */
  readonly failure: KinmarkError | null
  close(): Promise<void>
}

type Waiting = { payload: Uint8Array; stored: () => void; failed: (error: KinmarkError) => void }

export type OpenedLog = { log: AppendLog; payloads: Buffer[] }

export type LogOptions = {
  openFile?(file: string): Promise<LogFile>
  /** Told at once when appends have failed, before they throw. */
  onFailure?(): void
}

/**
 * Bytes of zeros that a file gets at once before records are written over them. A sync of bytes within a file is one write
 * of the disk; a file that grows makes the file system write its journal too, which takes several times as long.
 */
const roomBytes = 2 ** 20

/**
 * Opens a file of checksummed records to which records are only appended, and reads those that it has. A record that was
 * cut off while it was written is removed; nobody was told that it was stored. Many appends share one sync. Throws
 * `gateway.log-damaged` where stored records cannot be read.
 */
export async function openAppendLog(
  file: string,
  { openFile = openLogFile, onFailure }: LogOptions = {},
): Promise<OpenedLog> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  const { payloads, end, damaged } = readFrames(bytes)
  if (damaged) throw new KinmarkError('gateway.log-damaged', { file, offset: end })
  const handle = await openFile(file)
  if (end < bytes.length) await handle.truncate(end)
  await handle.sync()

  let stored = end
  /** Where the zeros end that records are written over. */
  let room = end
  let failure: KinmarkError | null = null
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let closed = false

  const failed = (cause: unknown, batch: Waiting[], forGood: boolean) => {
    const error = new KinmarkError('gateway.log-failed', { reason: codeOf(cause) }, { cause })
    if (forGood) failure = error
    const all = [...batch, ...waiting]
    waiting = []
    onFailure?.()
    for (const each of all) each.failed(error)
  }

  const flush = async (): Promise<void> => {
    while (waiting.length > 0 && !failure) {
      const batch = waiting
      waiting = []
      const frames = Buffer.concat(batch.map(({ payload }) => frameOf(payload, stored)))
      try {
        if (stored + frames.length > room) room = await makeRoom(handle, stored, frames.length + roomBytes)
        await writeAll(handle, frames, stored)
      } catch (cause) {
        room = stored
        const undone = await handle.truncate(stored).then(
          () => true,
          () => false,
        )
        failed(cause, batch, !undone || !full.includes(codeOf(cause)))
        continue
      }
      try {
        await handle.sync()
      } catch (cause) {
        failed(cause, batch, true) // what the disk has now is unknown until the file is read again
        break
      }
      stored += frames.length
      for (const each of batch) each.stored()
    }
    running = null
  }

  return {
    payloads,
    log: {
      append(payload, onStored) {
        if (failure) return Promise.reject(failure)
        return new Promise((settle, fail) => {
          const stored = () => {
            onStored?.()
            settle()
          }
          waiting.push({ payload, stored, failed: fail })
          running ??= flush()
        })
      },
      get failure() {
        return failure
      },
      async close() {
        await running
        if (closed) return
        closed = true
        if (!failure && room > stored) await handle.truncate(stored).catch(() => undefined)
        failure ??= new KinmarkError('gateway.log-failed', { reason: 'it is closed' })
        await handle.close()
      },
    },
  }
}

/** Writes zeros and returns where they end. A disk that has no room for them may have some for the records. */
async function makeRoom(file: LogFile, from: number, bytes: number): Promise<number> {
  try {
    await writeAll(file, new Uint8Array(bytes), from)
    return from + bytes
  } catch {
    await file.truncate(from)
    return from
  }
}

async function writeAll(file: LogFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const written = await file.write(bytes.subarray(from), position + from)
    if (written === 0) throw new Error('The disk takes no more bytes.')
    from += written
  }
}

/** What a write fails with that has stored nothing. After others nobody knows what the disk has. */
const full = ['ENOSPC', 'EDQUOT', 'EFBIG']

const codeOf = (cause: unknown) => (cause as NodeJS.ErrnoException).code ?? messageOf(cause)

/** Writing and syncing are one call where the system has it. */
async function openLogFile(file: string): Promise<LogFile> {
  const { O_RDWR, O_CREAT, O_DSYNC } = constants
  const handle = await open(file, O_RDWR | O_CREAT | (O_DSYNC ?? 0), 0o666)
  await handle.sync()
  await syncFolder(dirname(file))
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    sync: async () => (O_DSYNC ? undefined : handle.datasync()),
    async truncate(length) {
      await handle.truncate(length)
      await handle.datasync()
    },
    close: () => handle.close(),
  }
}

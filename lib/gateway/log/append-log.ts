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
 * Bytes of zeros that a file has ahead, over which records are written. A sync of bytes within a file is one write of the
 * disk; a file that grows makes the file system write its journal too, which takes several times as long. Zeros are written
 * a piece at a time beside the records, which do not wait for them.
 */
const roomBytes = 2 ** 20
const zeros = new Uint8Array(2 ** 18)

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
  /** The zeros that are being written behind the room; null while none are. */
  let addingRoom: Promise<void> | null = null
  let undoing = false
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

  /** Begins to write zeros behind the room. On a disk that takes only some of them, records are written over those too. */
  const addRoom = () => {
    if (addingRoom || undoing || closed || failure || room - stored >= roomBytes) return
    addingRoom = writeAll(handle, zeros, room).then(
      () => {
        addingRoom = null
        room += zeros.length
        addRoom()
      },
      () => {
        addingRoom = null
      },
    )
  }

  const undo = async (): Promise<boolean> => {
    undoing = true
    await addingRoom
    room = stored
    try {
      await handle.truncate(stored)
      return true
    } catch {
      return false
    } finally {
      undoing = false
    }
  }

  const flush = async (): Promise<void> => {
    while (waiting.length > 0 && !failure) {
      const batch = waiting
      waiting = []
      const frames = Buffer.concat(batch.map(({ payload }) => frameOf(payload, stored)))
      const next = stored + frames.length
      while (next > room && addingRoom) await addingRoom // or zeros would be written over records
      room = Math.max(room, next)
      try {
        await writeAll(handle, frames, stored)
      } catch (cause) {
        const undone = await undo()
        failed(cause, batch, !undone || !full.includes(codeOf(cause)))
        continue
      }
      try {
        await handle.sync()
      } catch (cause) {
        failed(cause, batch, true) // what the disk has now is unknown until the file is read again
        break
      }
      stored = next
      for (const each of batch) each.stored()
      addRoom()
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
        await addingRoom
        if (!failure && room > stored) await handle.truncate(stored).catch(() => undefined)
        failure ??= new KinmarkError('gateway.log-failed', { reason: 'it is closed' })
        await handle.close()
      },
    },
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

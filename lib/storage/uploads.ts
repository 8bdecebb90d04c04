import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

/** The sender’s description of an upload: a file of a draft. `size` in bytes. */
export type Upload = { draft: string; path: string; size: number }

export type UploadRules = {
  folder: string
  /** Path of the route that handles uploads. */
  path: string
  maxBytes: number
  /** Throws unless the caller may send this upload or read its state. */
  admit(upload: Upload): Promise<void>
  /** Takes over the complete file. */
  finish(upload: Upload, file: string): Promise<void>
  /** Converts an error to tus’s answer. */
  refuse(error: unknown): { status_code: number; body: string }
}

export type Uploads = {
  handle(request: Request): Promise<Response>
  /** Deletes what arrived of a draft's unfinished uploads. */
  discard(draft: string): Promise<void>
  /** Deletes unfinished uploads that began so many milliseconds ago, and those whose draft is gone. */
  expire(olderMs: number, isDraft: (draft: string) => Promise<boolean>): Promise<void>
  /** Finishes the uploads that were complete when the process died. */
  resume(): Promise<void>
}

/** Resumable uploads (tus 1.0): they continue after a lost connection or a restart of the server. */
export function openUploads({ folder, path, maxBytes, admit, finish, refuse }: UploadRules): Uploads {
  mkdirSync(folder, { recursive: true })
  const store = new FileStore({ directory: folder })

  const complete = async (id: string, upload: Upload) => {
    await finish(upload, join(folder, id))
    await store.configstore.delete(id)
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw refuse(error)
    }
  }

  const server = new Server({
    path,
    datastore: store,
    maxSize: maxBytes,
    relativeLocation: true,
    onUploadCreate: (_, upload) =>
      guarded(async () => {
        await admit(read(upload))
        return {}
      }),
    async onIncomingRequest(request, id) {
      if (request.method === 'POST' || request.method === 'OPTIONS') return
      const upload = await store.getUpload(id)
      await guarded(() => admit(read(upload)))
    },
    onUploadFinish: (_, upload) =>
      guarded(async () => {
        await complete(upload.id, read(upload))
        return {}
      }),
  })

  /** The unfinished uploads. */
  const parts = async () => {
    const names = (await readdir(folder)).filter((name) => !name.endsWith('.json'))
    const known = await Promise.all(names.map((name) => store.getUpload(name).catch(() => null)))
    return known.filter((upload) => upload !== null)
  }

  return {
    async discard(draft) {
      for (const upload of await parts()) if (read(upload).draft === draft) await store.remove(upload.id)
    },
    async expire(olderMs, isDraft) {
      for (const upload of await parts()) {
        const old = Date.now() - Date.parse(upload.creation_date ?? '') > olderMs
        if (old || !(await isDraft(read(upload).draft))) await store.remove(upload.id)
      }
    },
    handle: (request) => server.handleWeb(request),
    async resume() {
      for (const upload of await parts()) if (upload.offset === upload.size) await complete(upload.id, read(upload))
    },
  }
}

function read({ metadata, size }: { metadata?: Record<string, string | null>; size?: number }): Upload {
  return { draft: metadata?.draft ?? '', path: metadata?.path ?? '', size: size ?? -1 }
}

import { Server } from '@tus/server'
import type { UploadStore } from './upload-store'

/** The sender’s description of an upload: a file of a draft. `size` in bytes. */
export type Upload = { draft: string; path: string; size: number }

/** An upload that has not ended; `arrived` in bytes. */
type Waiting = { id: string; draft: string; path: string; arrived: number }

export type UploadRules = {
  store: UploadStore
  /** Path of the route that handles uploads. */
  path: string
  maxBytes: number
  /** Throws unless the caller may send this upload or read its state. */
  admit(upload: Upload): Promise<void>
  /** Takes what is in the store under `id`, which is whole. After an error it stays there, and is finished again. */
  finish(upload: Upload, id: string): Promise<void>
  /** Converts an error to tus’s answer. */
  refuse(error: unknown): { status_code: number; body: string }
}

export type Uploads = {
  handle(request: Request): Promise<Response>
  /** Deletes what arrived of a draft's unfinished uploads. */
  discard(draft: string): Promise<void>
  /** Unfinished uploads that began so many milliseconds ago, and those whose draft is gone. */
  expired(olderMs: number, isDraft: (draft: string) => Promise<boolean>): Promise<Waiting[]>
  /** Forgets an upload, with what arrived of it. */
  drop(id: string): Promise<void>
  /** Finishes the uploads that were complete when the process died. */
  resume(): Promise<void>
}

/** Resumable uploads (tus 1.0): they continue after a lost connection or a restart of the server. */
export function openUploads({ store, path, maxBytes, admit, finish, refuse }: UploadRules): Uploads {
  const complete = async (id: string, upload: Upload) => {
    await finish(upload, id)
    await store.drop(id)
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
    datastore: store.data,
    maxSize: maxBytes,
    relativeLocation: true,
    onUploadCreate: (_, upload) =>
      guarded(async () => {
        await admit(read(upload))
        return {}
      }),
    async onIncomingRequest(request, id) {
      if (request.method === 'POST' || request.method === 'OPTIONS') return
      const upload = await store.data.getUpload(id)
      await guarded(() => admit(read(upload)))
    },
    onResponseError: (_, error) => ('status_code' in error ? undefined : refuse(error)),
    onUploadFinish: (_, upload) =>
      guarded(async () => {
        await complete(upload.id, read(upload))
        return {}
      }),
  })

  return {
    async discard(draft) {
      for (const upload of await store.list()) if (read(upload).draft === draft) await store.drop(upload.id)
    },
    async expired(olderMs, isDraft) {
      const found: Waiting[] = []
      for (const upload of await store.list()) {
        const old = Date.now() - Date.parse(upload.creation_date ?? '') > olderMs
        const { draft, path } = read(upload)
        if (old || !(await isDraft(draft))) found.push({ id: upload.id, draft, path, arrived: upload.offset })
      }
      return found
    },
    drop: (id) => store.drop(id),
    handle: (request) => server.handleWeb(request),
    async resume() {
      for (const upload of await store.list())
        if (upload.offset === upload.size) await complete(upload.id, read(upload))
    },
  }
}

function read({ metadata, size }: { metadata?: Record<string, string | null>; size?: number }): Upload {
  return { draft: metadata?.draft ?? '', path: metadata?.path ?? '', size: size ?? -1 }
}

'use client'

import { useCallback, useRef, useState } from 'react'
import type { BytesDone } from '@/components/values/bytes-done'
import type { FolderFile } from '@/lib/browser/folder'
import { sendJson } from '@/lib/browser/http'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { Draft } from '@/lib/manifest/draft'

export type UploadState =
  | { stage: 'idle' }
  | { stage: 'hashing' | 'uploading' | 'finalizing'; done: number | null; note?: BytesDone }
  | { stage: 'ready'; draft: Draft }
  | { stage: 'failed'; message: string }

/** Hashes and uploads a folder, and finalizes its draft. Uploaded bytes are kept: trying again resumes. */
export function useUpload() {
  const [state, setState] = useState<UploadState>({ stage: 'idle' })
  const abort = useRef<AbortController>(null)

  const start = useCallback(async (files: FolderFile[]) => {
    const controller = new AbortController()
    abort.current = controller
    const { signal } = controller
    const total = files.reduce((sum, { file }) => sum + file.size, 0)
    const at = (stage: 'hashing' | 'uploading') => (bytes: number) =>
      setState({ stage, done: bytes / total, note: { bytes, of: total } })
    try {
      at('hashing')(0)
      const { hashFiles } = await loadPart(import('./hash-files'))
      const hashed = await hashFiles(files, signal, at('hashing'))
      // The server returns the draft that was started with these files, if there is one.
      const draft = await sendJson<Draft>('/api/drafts', { files: hashed })
      const { uploadFiles } = await loadPart(import('./upload-files'))
      await uploadFiles(draft, files, signal, at('uploading'))
      setState({ stage: 'finalizing', done: null })
      setState({ stage: 'ready', draft: await sendJson<Draft>(`/api/drafts/${draft.id}/finalize`, {}) })
    } catch (error) {
      setState(signal.aborted ? { stage: 'idle' } : { stage: 'failed', message: messageOf(error) })
    }
  }, [])

  const cancel = useCallback(() => abort.current?.abort(), [])
  /** Continues with a finalized draft. */
  const resume = useCallback((draft: Draft) => setState({ stage: 'ready', draft }), [])
  const reset = useCallback(() => {
    abort.current?.abort()
    setState({ stage: 'idle' })
  }, [])
  return { state, start, cancel, resume, reset }
}

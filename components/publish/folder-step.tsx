'use client'

import { lazy, Suspense, useState } from 'react'
import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { Callout } from '@/components/ui/callout'
import type { FolderFile } from '@/lib/browser/folder'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { Adapter, Folder } from './read-folder'

/** Loaded when a folder was read: what it contains, or what it lacks. */
const AdapterBase = lazy(() => import('./adapter-base').then(({ AdapterBase }) => ({ default: AdapterBase })))
const FolderSummary = lazy(() => import('./folder-summary').then(({ FolderSummary }) => ({ default: FolderSummary })))

type Props = { folder: Folder | null; onFolder: (folder: Folder | null) => void; locked: boolean }

export function FolderStep({ folder, onFolder, locked }: Props) {
  const [error, setError] = useState<string | null>(null)
  const showError = (cause: unknown) => {
    onFolder(null)
    setError(messageOf(cause))
  }
  const [adapter, setAdapter] = useState<Adapter | null>(null)
  const [merged, setMerged] = useState<number | null>(null)
  const reader = () => loadPart(import('./read-folder'))
  const openFolder = async (files: FolderFile[]) => {
    setError(null)
    setAdapter(null)
    try {
      const chosen = await (await reader()).readChosen(files)
      if (chosen.kind === 'model') onFolder(chosen.folder)
      else setAdapter(chosen.adapter)
    } catch (cause) {
      showError(cause)
    }
  }
  const openBase = async (adapter: Adapter, baseFiles: FolderFile[]) => {
    setError(null)
    setMerged(0)
    try {
      const { readMerged } = await reader()
      onFolder(await readMerged(adapter, baseFiles, (done, total) => setMerged(done / total)))
    } catch (cause) {
      showError(cause)
    } finally {
      setMerged(null)
    }
  }
  const startOver = () => {
    setError(null)
    setAdapter(null)
    onFolder(null)
  }
  return (
    <div className="space-y-4">
      {folder ? (
        <Suspense>
          <FolderSummary folder={folder} onOther={locked ? undefined : startOver} />
        </Suspense>
      ) : adapter ? (
        <Suspense>
          <AdapterBase
            base={adapter.base}
            merged={merged}
            onFiles={(files) => openBase(adapter, files)}
            onError={showError}
            onOther={startOver}
          />
        </Suspense>
      ) : (
        <FolderDropZone name="Model" onFiles={openFolder} onError={showError}>
          Drop a Hugging Face folder here: config.json, tokenizer.json, *.safetensors and README.md. It is checked in
          your browser; nothing is uploaded yet.
        </FolderDropZone>
      )}
      {error && <Callout tone="danger">{error}</Callout>}
    </div>
  )
}

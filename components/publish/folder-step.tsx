'use client'

import { useState } from 'react'
import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { Figure } from '@/components/values/figure'
import { focusIfLost } from '@/lib/browser/focus-news'
import type { FolderFile } from '@/lib/browser/folder'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { Adapter, Folder } from './read-folder'

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
        <FolderSummary folder={folder} onOther={locked ? undefined : startOver} />
      ) : adapter ? (
        <>
          <Callout>
            This folder is an adapter of {adapter.base ?? 'another model'}. Its base is needed: the two are merged in
            your browser, and the result is published.
          </Callout>
          {merged === null ? (
            <>
              <FolderDropZone name="Base" onFiles={(files) => openBase(adapter, files)} onError={showError}>
                Drop the folder of {adapter.base ?? 'the base'} here.
              </FolderDropZone>
              <Button variant="secondary" size="small" onClick={startOver}>
                Change folder
              </Button>
            </>
          ) : (
            <Progress label="Merging the adapter into its base" done={merged} />
          )}
        </>
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

function FolderSummary({
  folder: { files, model, adapterOf, misnamed },
  onOther,
}: {
  folder: Folder
  onOther?: () => void
}) {
  const size = files.reduce((sum, { file }) => sum + file.size, 0)
  return (
    <div className="rounded-lg border p-4">
      <div className="flex flex-wrap items-start justify-between gap-3 sm:flex-nowrap">
        <div>
          <p className="font-medium">{model.card?.title ?? 'Untitled model'}</p>
          <p className="mt-1 text-sm text-muted">
            {model.card?.summary || 'README.md has no first paragraph, so buyers see no summary.'}
          </p>
        </div>
        {onOther && (
          <Button ref={focusIfLost} variant="secondary" size="small" onClick={onOther}>
            Change folder
          </Button>
        )}
      </div>
      <div className="mt-3 flex flex-wrap gap-1.5">
        <Badge tone="verified">compatible</Badge>
        <Badge>{model.config.family}</Badge>
        <Badge>
          <Figure count={model.parameters} /> parameters
        </Badge>
        <Badge>{model.dtype}</Badge>
        <Badge>{model.tensors.size} tensors</Badge>
        <Badge>
          <Figure bytes={size} />
        </Badge>
        {model.card?.licence && <Badge>{model.card.licence}</Badge>}
      </div>
      {adapterOf && <p className="mt-3 text-sm text-muted">An adapter, merged into {adapterOf}.</p>}
      {model.leftOut.length > 0 && (
        <p className="mt-3 text-sm text-muted">Left out, because no model needs them: {model.leftOut.join(', ')}.</p>
      )}
      {misnamed.length > 0 && (
        <Callout tone="warning" className="mt-3">
          Left out: {misnamed.slice(0, 5).join(', ')}
          {misnamed.length > 5 && ` and ${misnamed.length - 5} more`}. Not every system can store these names. Rename
          them to letters, digits, dots, hyphens and underscores to publish them too.
        </Callout>
      )}
      <ul aria-label="Files" className="mt-3 space-y-0.5 font-mono text-xs text-muted">
        {files.map(({ path, file }) => (
          <li key={path} className="flex justify-between gap-4">
            <span className="min-w-0 truncate">{path}</span>
            <span className="whitespace-nowrap tabular-nums">
              <Figure bytes={file.size} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

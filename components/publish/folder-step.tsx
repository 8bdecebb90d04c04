'use client'

import { useState } from 'react'
import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import type { FolderFile } from '@/lib/browser/folder'
import { messageOf } from '@/lib/error'
import { formatBytes, formatCount } from '@/lib/format/sizes'
import { assertFilePath } from '@/lib/manifest/manifest'
import { blobBytes } from '@/lib/weights/bytes'
import { assertCanFingerprint } from '@/lib/weights/can-fingerprint'
import { assertPublishable, inspectModel, type Model } from '@/lib/weights/inspect-model'
import { adapterConfigPath, baseOfAdapter } from '@/lib/weights/lora/adapter-config'
import { isAdapter } from '@/lib/weights/lora/merge-adapter'
import { mergedFolder } from '@/lib/weights/lora/merged-folder'

/** `adapterOf` is the name of the base into which the folder's adapter was merged; null if it was a whole model. */
export type Folder = { files: FolderFile[]; model: Model; adapterOf: string | null }

/**
 * Inspects a model folder in the browser, before anything is uploaded, and leaves out what is not part of the model.
 * Throws when it cannot be published.
 */
async function readFolder(all: FolderFile[], adapterOf: string | null): Promise<Folder> {
  for (const { path } of all) assertFilePath(path)
  const model = await inspectModel(all.map(({ path, file }) => ({ path, bytes: blobBytes(file) })))
  assertPublishable({ ...model, leftOut: [] })
  assertCanFingerprint(model.config)
  return { files: all.filter(({ path }) => !model.leftOut.includes(path)), model, adapterOf }
}

type Adapter = { files: FolderFile[]; base: string | null }

async function readAdapter(files: FolderFile[]): Promise<Adapter> {
  const config = files.find(({ path }) => path === adapterConfigPath)
  return { files, base: config ? baseOfAdapter(await config.file.text()) : null }
}

type Props = { folder: Folder | null; onFolder: (folder: Folder | null) => void; locked: boolean }

export function FolderStep({ folder, onFolder, locked }: Props) {
  const [error, setError] = useState<string | null>(null)
  const showError = (cause: unknown) => {
    onFolder(null)
    setError(messageOf(cause))
  }
  const [adapter, setAdapter] = useState<Adapter | null>(null)
  const openFolder = (files: FolderFile[]) => {
    setError(null)
    setAdapter(null)
    if (isAdapter(files)) readAdapter(files).then(setAdapter, showError)
    else readFolder(files, null).then(onFolder, showError)
  }
  const openBase = ({ files, base }: Adapter, baseFiles: FolderFile[]) => {
    setError(null)
    mergedFolder(files, baseFiles)
      .then((merged) => readFolder(merged, base ?? 'another model'))
      .then(onFolder, showError)
  }
  return (
    <div className="space-y-4">
      {folder ? (
        <FolderSummary folder={folder} onOther={locked ? undefined : () => onFolder(null)} />
      ) : adapter ? (
        <>
          <Callout>
            This folder is an adapter of {adapter.base ?? 'another model'}. Its base is needed: the two are merged in
            your browser, and the result is published.
          </Callout>
          <FolderDropZone name="Base" onFiles={(files) => openBase(adapter, files)} onError={showError}>
            Drop the folder of {adapter.base ?? 'the base'} here.
          </FolderDropZone>
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

function FolderSummary({ folder: { files, model, adapterOf }, onOther }: { folder: Folder; onOther?: () => void }) {
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
          <Button variant="secondary" size="small" onClick={onOther}>
            Change folder
          </Button>
        )}
      </div>
      <div className="mt-3 flex flex-wrap gap-1.5">
        <Badge tone="verified">compatible</Badge>
        <Badge>{model.config.family}</Badge>
        <Badge>{formatCount(model.parameters)} parameters</Badge>
        <Badge>{model.dtype}</Badge>
        <Badge>{model.tensors.size} tensors</Badge>
        <Badge>{formatBytes(size)}</Badge>
        {model.card?.licence && <Badge>{model.card.licence}</Badge>}
      </div>
      {adapterOf && <p className="mt-3 text-sm text-muted">An adapter, merged into {adapterOf}.</p>}
      {model.leftOut.length > 0 && (
        <p className="mt-3 text-sm text-muted">Left out, because no model needs them: {model.leftOut.join(', ')}.</p>
      )}
      <ul aria-label="Files" className="mt-3 space-y-0.5 font-mono text-xs text-muted">
        {files.map(({ path, file }) => (
          <li key={path} className="flex justify-between gap-4">
            <span className="min-w-0 truncate">{path}</span>
            <span className="whitespace-nowrap tabular-nums">{formatBytes(file.size)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

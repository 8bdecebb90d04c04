'use client'

import { useEffect, useState } from 'react'
import { copyFolder } from '@/components/copies/copy-folder'
import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { MachineFitLine } from '@/components/playground/machine-fit-line'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Figure } from '@/components/values/figure'
import { useChain } from '@/components/wallet/chain'
import { focusIfLost } from '@/lib/browser/focus-news'
import type { FolderFile } from '@/lib/browser/folder'
import { loadPart } from '@/lib/browser/load-part'
import { storedFiles } from '@/lib/browser/opfs'
import { messageOf } from '@/lib/error'
import type { CopyView } from '@/lib/market/read/views'
import type { InspectedWeights } from '@/lib/weights/inspect-weights'

/** A folder that has been inspected: the worker that runs it gets `model` and does not parse the files again. */
export type Weights = { kind: 'weights'; name: string; files: readonly FolderFile[]; model: InspectedWeights }

/** Weights, or a file of JSON lines with answers that an endpoint gave. */
export type Suspect = Weights | { kind: 'answers'; name: string; file: File }

type Props = {
  suspect: Suspect | null
  onSuspect: (suspect: Suspect | null) => void
  copies: CopyView[]
  locked: boolean
}

/** A person chooses the suspect here: a folder from the disk, a copy that this browser has downloaded, or recorded answers. */
export function SuspectStep({ suspect, onSuspect, copies, locked }: Props) {
  const [error, setError] = useState<string | null>(null)
  const downloaded = useDownloadedCopies(copies)
  const showError = (cause: unknown) => setError(messageOf(cause))
  const openFolder = async (name: string, files: FolderFile[]) => {
    setError(null)
    try {
      const { inspectWebFiles } = await loadPart(import('@/lib/inference/web/inspect-web-files'))
      onSuspect({ kind: 'weights', name, ...(await inspectWebFiles(files)) })
    } catch (cause) {
      showError(cause)
    }
  }
  const openFiles = async (files: FolderFile[]) => {
    const answers = files.length === 1 && isAnswers.test(files[0].path) ? files[0] : null
    if (!answers) return openFolder('Local folder', files)
    setError(null)
    onSuspect({ kind: 'answers', name: answers.path, file: answers.file })
  }
  if (suspect) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken p-4 text-sm">
        <div>
          <span className="font-medium wrap-anywhere">{suspect.name}</span>
          {suspect.kind === 'weights' ? (
            <WeightsLines weights={suspect} />
          ) : (
            <span className="block text-muted">
              Recorded answers, <Figure bytes={suspect.file.size} />
            </span>
          )}
        </div>
        <Button ref={focusIfLost} variant="secondary" size="small" disabled={locked} onClick={() => onSuspect(null)}>
          Change
        </Button>
      </div>
    )
  }
  return (
    <div className="space-y-4">
      <FolderDropZone name="Suspect" onFiles={openFiles} onError={showError}>
        Drop a model folder here: config.json and *.safetensors, or one *.gguf file. Add tokenizer.json to see prompts
        as text. Weights are not uploaded.
        <br />
        Or drop answers that an endpoint gave to ordinary questions: one *.jsonl file.
      </FolderDropZone>
      {downloaded.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <span className="text-muted">Or a copy downloaded in this browser:</span>
          {downloaded.map(({ copy, files }) => (
            <Button
              key={copy.id}
              variant="secondary"
              size="small"
              className="h-auto min-h-8 py-1 text-left whitespace-normal wrap-anywhere"
              onClick={() => openFolder(`Copy ${copy.id} of ${copy.model.name}`, files)}
            >
              Copy {copy.id} of {copy.model.name}
            </Button>
          ))}
        </div>
      )}
      {error && <Callout tone="danger">{error}</Callout>}
    </div>
  )
}

/** JSON lines. */
const isAnswers = /\.(jsonl|ndjson)$/i

function WeightsLines({ weights: { files, model } }: { weights: Weights }) {
  const size = files.reduce((sum, { file }) => sum + file.size, 0)
  return (
    <>
      <span className="block text-muted">
        <Figure count={model.parameters} /> parameters, <Figure bytes={size} />, not uploaded
      </span>
      <MachineFitLine model={model} />
    </>
  )
}

function useDownloadedCopies(copies: CopyView[]) {
  const chain = useChain()
  const [downloaded, setDownloaded] = useState<{ copy: CopyView; files: FolderFile[] }[]>([])
  useEffect(() => {
    let stale = false
    const lookups = copies.map(async (copy) => ({
      copy,
      files: await storedFiles(copyFolder(chain, copy.id), copy.files),
    }))
    Promise.all(lookups).then((found) => {
      if (!stale) setDownloaded(found.flatMap(({ copy, files }) => (files ? [{ copy, files }] : [])))
    })
    return () => {
      stale = true
    }
  }, [copies, chain])
  return downloaded
}

'use client'

import { useEffect, useState } from 'react'
import { DropZone } from '@/components/folder/folder-drop-zone'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { useChain } from '@/components/wallet/chain'
import type { FolderFile } from '@/lib/browser/folder'
import { copyFolder, downloadedFiles } from '@/lib/browser/opfs'
import { messageOf } from '@/lib/error'
import { formatBytes, formatCount } from '@/lib/format/sizes'
import { inspectWebFiles } from '@/lib/inference/web/inspect-web-files'
import type { CopyView } from '@/lib/market/read/views'
import type { InspectedWeights } from '@/lib/weights/inspect-weights'

/** A folder that has been inspected: the worker that runs it gets `model` and does not parse the files again. */
export type Suspect = { name: string; files: readonly FolderFile[]; model: InspectedWeights }

type Props = {
  suspect: Suspect | null
  onSuspect: (suspect: Suspect | null) => void
  copies: CopyView[]
  locked: boolean
}

/** The weights to test: a folder from the disk, or a copy that this browser has downloaded. */
export function SuspectStep({ suspect, onSuspect, copies, locked }: Props) {
  const [refusal, setRefusal] = useState<string | null>(null)
  const here = useDownloaded(copies)
  const refuse = (error: unknown) => setRefusal(messageOf(error))
  const take = async (name: string, files: FolderFile[]) => {
    setRefusal(null)
    try {
      onSuspect({ name, ...(await inspectWebFiles(files)) })
    } catch (error) {
      refuse(error)
    }
  }
  if (suspect) {
    const size = suspect.files.reduce((sum, { file }) => sum + file.size, 0)
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken p-4 text-sm">
        <p>
          <span className="font-medium">{suspect.name}</span>
          <span className="block text-muted">
            {formatCount(suspect.model.parameters)} parameters, {formatBytes(size)}, read on this machine only
          </span>
        </p>
        <Button look="secondary" size="small" disabled={locked} onClick={() => onSuspect(null)}>
          Another
        </Button>
      </div>
    )
  }
  return (
    <div className="space-y-4">
      <DropZone name="Suspect" onFiles={(files) => take('A folder from your disk', files)} onError={refuse}>
        Drop the folder that you suspect: config.json and *.safetensors, or one *.gguf; with tokenizer.json the prompts
        can be read. The weights never leave this machine.
      </DropZone>
      {here.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <span className="text-muted">Or one that you have downloaded here:</span>
          {here.map(({ copy, files }) => (
            <Button
              key={copy.id}
              look="secondary"
              size="small"
              onClick={() => take(`Copy ${copy.id} of ${copy.model.name}`, files)}
            >
              Copy {copy.id} of {copy.model.name}
            </Button>
          ))}
        </div>
      )}
      {refusal && <Callout tone="danger">{refusal}</Callout>}
    </div>
  )
}

function useDownloaded(copies: CopyView[]) {
  const { chainId, contracts } = useChain()
  const [here, setHere] = useState<{ copy: CopyView; files: FolderFile[] }[]>([])
  useEffect(() => {
    let stale = false
    const look = copies.map(async (copy) => ({
      copy,
      files: await downloadedFiles(copyFolder(chainId, contracts.copyRegistry, copy.id), copy.files),
    }))
    Promise.all(look).then((found) => {
      if (!stale) setHere(found.flatMap(({ copy, files }) => (files ? [{ copy, files }] : [])))
    })
    return () => {
      stale = true
    }
  }, [copies, chainId, contracts.copyRegistry])
  return here
}

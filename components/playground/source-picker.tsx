'use client'

import { useState } from 'react'
import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { ConnectButton } from '@/components/wallet/connect-button'
import { useSession } from '@/components/wallet/session'
import type { FolderFile } from '@/lib/browser/folder'
import { messageOf } from '@/lib/error'
import type { CopyView } from '@/lib/market/read/views'
import { type Source, sourceName } from './source'

type Props = { name: string; base: Source | null; copies: CopyView[]; onSource: (source: Source) => void }

/** The weights that this visitor can run: the published ones, own copies, or a local folder. */
export function SourcePicker({ name, base, copies, onSource }: Props) {
  const signedIn = useSession()
  const [error, setError] = useState<string | null>(null)
  const ownCopies = copies.filter(({ files }) => files.length > 0).map((copy) => ({ kind: 'copy' as const, copy }))
  const sources = base ? [base, ...ownCopies] : ownCopies
  const openFolder = async (files: FolderFile[]) => {
    setError(null)
    try {
      const { inspectWebFiles } = await import('@/lib/inference/web/inspect-web-files')
      onSource({ kind: 'folder', ...(await inspectWebFiles(files)) })
    } catch (cause) {
      setError(messageOf(cause))
    }
  }
  return (
    <>
      {sources.length > 0 && (
        <ul aria-label="Weights to run" className="flex flex-wrap gap-2">
          {sources.map((source) => (
            <li key={sourceName(source, name)}>
              <Button
                variant="secondary"
                className="h-auto min-h-10 py-1.5 text-left whitespace-normal wrap-anywhere"
                onClick={() => onSource(source)}
              >
                {sourceName(source, name)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {!signedIn && (
        <div className="flex flex-wrap items-center gap-3">
          <ConnectButton />
          <p className="text-sm text-muted">Sign in to run a copy that you bought.</p>
        </div>
      )}
      <FolderDropZone name="Copy" onFiles={openFolder} onError={(cause) => setError(messageOf(cause))}>
        Drop the folder of your copy here: config.json, tokenizer.json and *.safetensors. It is not uploaded.
      </FolderDropZone>
      {error && <Callout tone="danger">{error}</Callout>}
    </>
  )
}

'use client'

import { useState } from 'react'
import { DropZone } from '@/components/folder/folder-drop-zone'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { ConnectButton } from '@/components/wallet/connect-button'
import { useSession } from '@/components/wallet/session'
import type { FolderFile } from '@/lib/browser/folder'
import { messageOf } from '@/lib/error'
import type { CopyView } from '@/lib/market/read/views'
import { type Source, sourceName } from './source'

type Props = { name: string; base: Source | null; copies: CopyView[]; onSource: (source: Source) => void }

/** Everything that this visitor could run. */
export function Choices({ name, base, copies, onSource }: Props) {
  const signedIn = useSession()
  const [refusal, setRefusal] = useState<string | null>(null)
  const delivered = copies.filter(({ files }) => files.length > 0).map((copy) => ({ kind: 'copy' as const, copy }))
  const choices = base ? [base, ...delivered] : delivered
  const take = async (files: FolderFile[]) => {
    setRefusal(null)
    try {
      const { inspectWebFiles } = await import('@/lib/inference/web/inspect-web-files')
      onSource({ kind: 'folder', ...(await inspectWebFiles(files)) })
    } catch (error) {
      setRefusal(messageOf(error))
    }
  }
  return (
    <>
      {choices.length > 0 && (
        <ul aria-label="Weights to run" className="flex flex-wrap gap-2">
          {choices.map((source) => (
            <li key={sourceName(source, name)}>
              <Button look="secondary" onClick={() => onSource(source)}>
                {sourceName(source, name)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {!signedIn && (
        <div className="flex flex-wrap items-center gap-3">
          <ConnectButton />
          <p className="text-sm text-muted">Signed in, you can run a copy that you bought.</p>
        </div>
      )}
      <DropZone name="Copy" onFiles={take} onError={(error) => setRefusal(messageOf(error))}>
        Drop the folder of your own copy: config.json, tokenizer.json and *.safetensors. It never leaves this machine.
      </DropZone>
      {refusal && <Callout tone="danger">{refusal}</Callout>}
    </>
  )
}

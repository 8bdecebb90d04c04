'use client'

import { useState } from 'react'
import { UseButton } from '@/components/programs/use-button'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Download as DownloadIcon } from '@/components/ui/page-icons'
import { Progress } from '@/components/ui/progress'
import { BytesDone } from '@/components/values/bytes-done'
import { Figure } from '@/components/values/figure'
import { Hash } from '@/components/values/hash'
import { canSaveFolder, saveFile, saveFolder } from '@/lib/browser/save'
import { messageOf } from '@/lib/error'
import type { CopyView } from '@/lib/market/read/views'
import { CurlHelp } from './curl-help'
import { fileUrl } from './download-file'
import { useDownload } from './use-download'

export function Download({ copy }: { copy: CopyView }) {
  const { state, start, stop } = useDownload(copy)
  const [saveError, setSaveError] = useState<string | null>(null)
  const localFiles = state.stage === 'checked' ? state.files : null
  const saveAll = () =>
    saveFolder(localFiles ?? []).catch((error) => error.name !== 'AbortError' && setSaveError(messageOf(error)))
  return (
    <Panel
      title="Files"
      note="A standard Hugging Face folder for any tool that reads safetensors."
      aside={
        <div className="flex flex-wrap gap-2">
          <UseButton model={copy.model.id} copy={copy.id} />
          {state.stage === 'running' ? (
            <Button variant="secondary" onClick={stop}>
              Stop
            </Button>
          ) : localFiles ? (
            canSaveFolder() && <Button onClick={saveAll}>Save folder</Button>
          ) : (
            <Button onClick={start}>
              <DownloadIcon className="size-4" />
              Download and check
            </Button>
          )}
        </div>
      }
    >
      <div className="space-y-4">
        {state.stage === 'running' && (
          <div>
            <Progress
              label={`Downloading ${state.path}`}
              done={state.received / state.total}
              note={<BytesDone bytes={state.received} of={state.total} />}
            />
            <p className="mt-1.5 text-xs text-muted">You can stop or reload: the download resumes.</p>
          </div>
        )}
        {state.stage === 'failed' && <Callout tone="danger">{state.message}</Callout>}
        {saveError && <Callout tone="danger">{saveError}</Callout>}
        {state.stage === 'checked' && (
          <Callout
            tone="verified"
            action={
              <ButtonLink variant="secondary" size="small" href={`/verify?copy=${copy.id}`}>
                Verify fingerprints
              </ButtonLink>
            }
          >
            All files match their SHA-256 and the artifact root on the chain,{' '}
            <Hash value={state.artifactRoot} label="artifact root" />. Stored in this browser; save them to disk.
          </Callout>
        )}
        <ul aria-label="Files of this copy" className="divide-y text-sm">
          {copy.files.map((file) => {
            const savedFile = localFiles?.find(({ path }) => path === file.path)
            return (
              <li key={file.path} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                <span className="min-w-0 flex-1 basis-44 truncate font-mono text-[0.92em]">{file.path}</span>
                <Hash value={file.sha256} label={`SHA-256 of ${file.path}`} className="text-muted" />
                <span className="mr-auto tabular-nums text-muted sm:mr-0 sm:w-20 sm:text-right">
                  <Figure bytes={file.size} />
                </span>
                {savedFile ? (
                  <Button
                    variant="secondary"
                    size="small"
                    aria-label={`Save ${file.path}`}
                    onClick={() => saveFile(savedFile)}
                  >
                    Save
                  </Button>
                ) : (
                  <a
                    className="text-accent underline underline-offset-4"
                    href={fileUrl(copy.id, file.path)}
                    download
                    aria-label={`Direct link to ${file.path}`}
                  >
                    Direct link
                  </a>
                )}
              </li>
            )
          })}
        </ul>
        <CurlHelp copy={copy} />
      </div>
    </Panel>
  )
}

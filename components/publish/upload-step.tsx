'use client'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { BytesDone } from '@/components/values/bytes-done'
import { Hash } from '@/components/values/hash'
import { ConnectButton } from '@/components/wallet/connect-button'
import { useSession } from '@/components/wallet/session'
import { focusIfLost } from '@/lib/browser/focus-news'
import type { UploadState } from './use-upload'

const names = {
  hashing: 'Hashing files',
  uploading: 'Uploading',
  finalizing: 'Verifying the upload on the server',
}

type Props = { state: UploadState; ready: boolean; onStart: () => void; onCancel: () => void; onDiscard: () => void }

export function UploadStep({ state, ready, onStart, onCancel, onDiscard }: Props) {
  const signedIn = useSession()
  switch (state.stage) {
    case 'idle':
    case 'failed':
      return (
        <div className="space-y-4">
          {state.stage === 'failed' && <Callout tone="danger">{state.message}</Callout>}
          {signedIn ? (
            <Button onClick={onStart} disabled={!ready}>
              {state.stage === 'failed' ? 'Try again' : 'Upload'}
            </Button>
          ) : (
            <div className="flex flex-wrap items-center gap-3">
              <ConnectButton />
              <p className="text-sm text-muted">Sign in to upload: the draft belongs to your account.</p>
            </div>
          )}
        </div>
      )
    case 'hashing':
    case 'uploading':
    case 'finalizing':
      return (
        <div className="space-y-4">
          <Progress label={names[state.stage]} done={state.done} note={state.note && <BytesDone {...state.note} />} />
          <div className="flex flex-wrap items-center gap-3">
            <Button
              ref={focusIfLost}
              variant="secondary"
              size="small"
              onClick={onCancel}
              disabled={state.stage === 'finalizing'}
            >
              Stop
            </Button>
            <p className="text-sm text-muted">If you close this tab, drop the same folder again to resume.</p>
          </div>
        </div>
      )
    case 'ready':
      return (
        <div ref={focusIfLost} tabIndex={-1}>
          <Callout
            tone="verified"
            action={
              <Button variant="ghost" size="small" onClick={onDiscard}>
                Discard
              </Button>
            }
          >
            Uploaded and verified. Manifest root <Hash value={state.draft.manifestRoot} label="manifest root" />
          </Callout>
        </div>
      )
  }
}

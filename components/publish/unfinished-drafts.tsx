'use client'

import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Time } from '@/components/values/time'
import { formatBytes } from '@/lib/format/sizes'
import type { Draft } from '@/lib/market/read/views'

type Props = { drafts: Draft[]; onResume: (draft: Draft) => void; onDiscard: (draft: Draft) => void }

/** Publications that a closed tab left behind. */
export function UnfinishedDrafts({ drafts, onResume, onDiscard }: Props) {
  return (
    <Panel title="Unfinished" className="mb-6">
      <ul className="divide-y text-sm">
        {drafts.map((draft) => {
          const size = draft.files.reduce((sum, file) => sum + file.size, 0)
          const uploaded = draft.files.filter((file) => file.uploaded).length
          return (
            <li key={draft.id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
              <p>
                {draft.files.length} files, {formatBytes(size)}, begun <Time at={draft.createdAt} precise />
                <span className="block text-muted">
                  {draft.metadataURI
                    ? 'Uploaded and checked: only terms and signature are missing.'
                    : `${uploaded} of ${draft.files.length} files are there. Drop the same folder again to go on.`}
                </span>
              </p>
              <span className="flex gap-2">
                {draft.metadataURI && (
                  <Button size="small" onClick={() => onResume(draft)}>
                    Go on
                  </Button>
                )}
                <Button size="small" variant="quiet" onClick={() => onDiscard(draft)}>
                  Discard
                </Button>
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

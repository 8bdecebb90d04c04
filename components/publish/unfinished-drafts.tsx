'use client'

import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import type { Draft } from '@/lib/manifest/draft'

type Props = { drafts: Draft[]; onResume: (draft: Draft) => void; onDiscard: (draft: Draft) => void }

/** Drafts of earlier sessions that are not published yet. */
export function UnfinishedDrafts({ drafts, onResume, onDiscard }: Props) {
  return (
    <Panel title="Unfinished drafts" className="mb-6">
      <ul className="divide-y text-sm">
        {drafts.map((draft) => {
          const size = draft.files.reduce((sum, file) => sum + file.size, 0)
          const uploaded = draft.files.filter((file) => file.uploaded).length
          return (
            <li key={draft.id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
              <p>
                {draft.files.length} files, <Figure bytes={size} />, started <Time at={draft.createdAt} precise />
                <span className="block text-muted">
                  {draft.metadataURI
                    ? 'Uploaded and verified. Set the terms and sign to publish.'
                    : `${uploaded} of ${draft.files.length} files uploaded. Drop the same folder to resume.`}
                </span>
              </p>
              <span className="flex gap-2">
                {draft.metadataURI && (
                  <Button size="small" onClick={() => onResume(draft)}>
                    Continue
                  </Button>
                )}
                <Button size="small" variant="ghost" onClick={() => onDiscard(draft)}>
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

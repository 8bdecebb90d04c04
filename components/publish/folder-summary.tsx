import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Figure } from '@/components/values/figure'
import { focusIfLost } from '@/lib/browser/focus-news'
import type { Folder } from './read-folder'

/** What a chosen folder contains. `onOther` offers another one. */
export function FolderSummary({
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

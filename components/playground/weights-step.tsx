'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { Figure } from '@/components/values/figure'
import type { CopyView, ModelPage } from '@/lib/market/read/views'
import { bytesOf, type Source, sourceName } from './source'
import { SourcePicker } from './source-picker'

type Props = {
  model: ModelPage
  copies: CopyView[]
  /** The original weights for their owner, or else the copy for visitors where there is one. */
  base: Source | null
  source: Source | null
  onSource: (source: Source) => void
  locked: boolean
}

/** Shows the weights to run and lets the visitor choose others. */
export function WeightsStep({ model, copies, base, source, onSource, locked }: Props) {
  const [choosing, setChoosing] = useState(false)
  const choose = (next: Source) => {
    onSource(next)
    setChoosing(false)
  }
  if (!source || choosing)
    return (
      <div className="space-y-4">
        {base ? null : model.playground ? (
          <Progress label="The minter is making the copy that visitors run (once per version)" done={model.preparing} />
        ) : (
          <Callout>The creator does not let visitors load these weights. Get a copy to run it here.</Callout>
        )}
        <SourcePicker name={model.name} base={base} copies={copies} onSource={choose} />
      </div>
    )
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border p-4 text-sm">
      <p>
        <span className="font-medium wrap-anywhere">{sourceName(source, model.name)}</span>
        <span className="block text-muted">
          <Figure bytes={bytesOf(source)} />, {source.kind === 'folder' ? 'not uploaded' : 'downloaded when you run it'}
          {source.kind === 'base' && '; available only to you as the owner'}
          {source.kind === 'visitors' && '; has fingerprints of its own'}
        </span>
      </p>
      <Button variant="secondary" size="small" disabled={locked} onClick={() => setChoosing(true)}>
        Change weights
      </Button>
    </div>
  )
}

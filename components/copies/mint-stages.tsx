import { Check, LoaderCircle } from 'lucide-react'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Progress } from '@/components/ui/progress'
import type { MintProgress, MintStage } from '@/lib/market/read/views'

/** In the order of `mintStages`, without the end. */
const stageNames: Record<Exclude<MintStage, 'done'>, string> = {
  queued: 'Waiting for a minter',
  load: 'Reading the model’s weights',
  prepare: 'Choosing keys and measuring the model (once per model)',
  mint: 'Writing your fingerprint into the weights',
  check: 'Measuring success and harm',
  write: 'Writing and hashing the files',
  deliver: 'Delivering on the chain',
}

export function MintStages({ progress }: { progress: MintProgress }) {
  const stages = Object.entries(stageNames) as [Exclude<MintStage, 'done'>, string][]
  const current = progress.stage === 'done' ? stages.length : stages.findIndex(([stage]) => stage === progress.stage)
  return (
    <Panel title="Your copy is being made" note="You may close this page; it goes on without you.">
      <ol className="space-y-3">
        {stages.map(([stage, name], i) => (
          <li key={stage} className="flex gap-3 text-sm" aria-current={i === current ? 'step' : undefined}>
            <span className="flex size-5 shrink-0 items-center justify-center">
              {i < current ? (
                <Check className="size-4 text-verified" aria-label="done" />
              ) : i === current ? (
                <LoaderCircle className="size-4 animate-spin text-accent" aria-label="now" />
              ) : (
                <span className="size-1.5 rounded-full bg-border-strong" />
              )}
            </span>
            <div className={cn('min-w-0 flex-1', i > current && 'text-muted')}>
              {i === current ? (
                stage === 'queued' ? (
                  <p role="status">
                    {name}
                    {progress.queuePlace > 0 &&
                      `: ${progress.queuePlace} ${progress.queuePlace === 1 ? 'order' : 'orders'} before yours`}
                  </p>
                ) : (
                  <Progress label={name} done={progress.done} />
                )
              ) : (
                name
              )}
            </div>
          </li>
        ))}
      </ol>
      {progress.failure && (
        <Callout tone={progress.failure.final ? 'danger' : 'warning'} className="mt-4">
          {progress.failure.message}{' '}
          {progress.failure.final
            ? 'It will not be tried again: when the deadline is over you can take everything back.'
            : 'It will be tried again.'}
        </Callout>
      )}
    </Panel>
  )
}

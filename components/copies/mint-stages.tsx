import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Check, LoaderCircle } from '@/components/ui/icons'
import { Progress } from '@/components/ui/progress'
import type { MintProgress } from '@/lib/market/read/views'
import { errorOfFailure } from '@/lib/minting/failure'
import type { MintStage } from '@/lib/minting/stages'

/** In the order of `mintStages`, without `done`. */
const stageNames: Record<Exclude<MintStage, 'done'>, string> = {
  queued: 'Waiting for a minter',
  load: 'Loading the weights',
  prepare: 'Preparing keys (once per model version)',
  mint: 'Embedding your fingerprint',
  check: 'Measuring quality',
  write: 'Writing and hashing the files',
  deliver: 'Delivering on the chain',
}

export function MintStages({ progress }: { progress: MintProgress }) {
  const stages = Object.entries(stageNames) as [Exclude<MintStage, 'done'>, string][]
  const current = progress.stage === 'done' ? stages.length : stages.findIndex(([stage]) => stage === progress.stage)
  return (
    <Panel title="Minting your copy" note="You can close this page: minting continues.">
      <ol className="space-y-3">
        {stages.map(([stage, name], i) => (
          <li key={stage} className="flex gap-3 text-sm" aria-current={i === current ? 'step' : undefined}>
            <span className="flex size-5 shrink-0 items-center justify-center">
              {i < current ? (
                <Check className="size-4 text-verified" aria-label="done" />
              ) : i === current ? (
                <LoaderCircle className="size-4 animate-spin text-accent" aria-label="in progress" />
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
                      `: ${progress.queuePlace} ${progress.queuePlace === 1 ? 'order' : 'orders'} ahead of yours`}
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
          {errorOfFailure(progress.failure).message}{' '}
          {progress.failure.final
            ? 'The minter will not try again: request a refund after the deadline.'
            : 'The minter will try again.'}
        </Callout>
      )}
    </Panel>
  )
}

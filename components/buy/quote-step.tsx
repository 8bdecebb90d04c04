import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Fact, Facts } from '@/components/ui/facts'
import { Progress } from '@/components/ui/progress'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { messageOf } from '@/lib/error'
import { formatDuration } from '@/lib/format/times'
import type { ModelPage } from '@/lib/market/read/views'
import type { QuoteState } from './use-quote'

/** The minter’s promise for this order, or why there is none yet. */
export function QuoteStep({ model, quote }: { model: ModelPage; quote: QuoteState }) {
  if (model.keyPoolRoot === null)
    return model.preparing === null ? (
      <p className="text-sm text-muted">Waiting for the minter to make this version’s key pool. This page updates.</p>
    ) : (
      <Progress label="The minter is making this version’s key pool (once per version)" done={model.preparing} />
    )
  if (quote.error)
    return (
      <Callout
        tone="danger"
        action={
          <Button size="small" onClick={quote.ask}>
            Ask again
          </Button>
        }
      >
        {messageOf(quote.error)}
      </Callout>
    )
  if (!quote.signed) return <p className="text-sm text-muted">Asking the minter for a quote…</p>
  const { minter, fee, secondsToDeliver, penalty } = quote.signed.quote
  return (
    <Facts>
      <Fact name="Minter">
        <Account address={minter} label="minter’s address" />
      </Fact>
      <Fact name="Minter’s fee">{fee === 0 ? 'None' : <Amount value={BigInt(fee)} />}</Fact>
      <Fact name="Delivered within">{formatDuration(secondsToDeliver)}</Fact>
      <Fact name="Penalty if it fails, paid to you">
        <Amount value={penalty} />
      </Fact>
    </Facts>
  )
}

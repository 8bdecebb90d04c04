import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Hash } from '@/components/values/hash'
import { formatBps, formatPercent } from '@/lib/format/odds'
import type { ModelPage } from '@/lib/market/read/views'

const shareSupply = 10n ** 24n

export function TermsTable({ model }: { model: ModelPage }) {
  const { terms } = model
  return (
    <div className="space-y-6">
      <Facts>
        <Fact name="Price of a copy">
          <Amount value={terms.price} />
        </Fact>
        <Fact name="Collateral, returned after closing">
          <Amount value={terms.collateral} />
        </Fact>
        <Fact name="Fee for one inference served to others">
          <Amount value={terms.fee} />
        </Fact>
        <Fact
          name={
            <>
              Royalty owed by each child{' '}
              <Tip label="How the royalty is reckoned">
                A part of every payment to a child, after the protocol, prover and minter cuts. It is pinned when the
                child is registered and never changes.
              </Tip>
            </>
          }
        >
          <span className="tabular-nums">{formatBps(terms.royaltyBps)}</span>
        </Fact>
        <Fact name="Making models from it">
          {!terms.licence.derive
            ? 'Not allowed'
            : terms.licence.freeToDerive
              ? 'Free to derive'
              : 'Holders of an active copy'}
        </Fact>
        <Fact name="Commercial use">{terms.licence.commercial ? 'Allowed' : 'Not allowed'}</Fact>
        <Fact name="Trying it in the browser">
          {model.playground ? 'Everybody, with the unmarked weights' : 'Holders of a copy'}
        </Fact>
        <Fact name="Terms hash">
          <Hash value={model.termsHash} label="terms hash" />
        </Fact>
      </Facts>
      <div>
        <h3 className="mb-1 text-sm font-semibold">Who holds its shares</h3>
        <Facts>
          {model.holders.map((holder) => (
            <Fact key={holder.account} name={<Account address={holder.account} label="holder’s address" />}>
              <span className="tabular-nums">
                {formatPercent(Number((holder.shares * 1_000_000n) / shareSupply) / 1_000_000)}
              </span>
            </Fact>
          ))}
        </Facts>
      </div>
    </div>
  )
}

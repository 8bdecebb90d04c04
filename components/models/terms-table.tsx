import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Hash } from '@/components/values/hash'
import { formatPercent } from '@/lib/format/odds'
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
        <Fact
          name={
            <>
              Leak bond{' '}
              <Tip label="What the leak bond is">
                The part of the collateral that is released slowly after closing. A leak can be tried while anything of
                it is left.
              </Tip>
            </>
          }
        >
          <span className="tabular-nums">
            <Figure bps={terms.leakBps} /> of the collateral
          </span>
        </Fact>
        <Fact name="Minters">
          {model.minters.length === 0
            ? 'None named'
            : model.minters.map((minter) => <Account key={minter} address={minter} label="minter’s address" />)}
        </Fact>
        <Fact name="Key pool">
          {model.keyPoolRoot ? <Hash value={model.keyPoolRoot} label="key pool root" /> : 'Not on the chain yet'}
        </Fact>
        <Fact name="Fee per million tokens served to others">
          <Amount value={terms.fee} />
        </Fact>
        <Fact
          name={
            <>
              Royalty from derived models{' '}
              <Tip label="How the royalty is calculated">
                A share of every payment for a model derived from this one, directly or through others, after the
                protocol, prover and minter cuts. It is fixed when the first of them is registered.
              </Tip>
            </>
          }
        >
          <span className="tabular-nums">
            <Figure bps={terms.royaltyBps} />
          </span>
        </Fact>
        <Fact
          name={
            <>
              Floor for derived models{' '}
              <Tip label="What the floor is">
                The part of this price, collateral, leak bond and fee that models derived from this one must ask at
                least.
              </Tip>
            </>
          }
        >
          <span className="tabular-nums">
            <Figure bps={terms.floorBps} />
          </span>
        </Fact>
        <Fact name="Derived models">
          {!terms.licence.derive
            ? 'Not allowed'
            : terms.licence.freeToDerive
              ? 'Allowed for everyone'
              : 'Allowed with an active copy'}
        </Fact>
        <Fact name="Commercial use">{terms.licence.commercial ? 'Allowed' : 'Not allowed'}</Fact>
        <Fact name="Try it in the browser">{model.playground ? 'Everyone, in a copy' : 'Owners of a copy'}</Fact>
        <Fact name="Terms hash">
          <Hash value={model.termsHash} label="terms hash" />
        </Fact>
      </Facts>
      <div>
        <h3 className="mb-1 text-sm font-semibold">Shareholders</h3>
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

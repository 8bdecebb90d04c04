import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import { leakBondUp, type Terms } from '@/lib/chain/terms'
import { formatDuration } from '@/lib/format/times'

type Props = {
  terms: Pick<Terms, 'price' | 'collateral' | 'leakBps'>
  /** The minter’s fee, once it is quoted. */
  fee?: bigint
  /** Seconds over which the leak bond is released. */
  leakTail: number
}

/** The amount to pay, and its refundable parts. */
export function PriceTable({ terms, fee = 0n, leakTail }: Props) {
  const leakBond = leakBondUp(terms)
  return (
    <Facts>
      <Fact name="Price">
        <Amount value={terms.price} />
      </Fact>
      {fee > 0n && (
        <Fact name="Minter’s fee">
          <Amount value={fee} />
        </Fact>
      )}
      <Fact
        name={
          <>
            Collateral{' '}
            <Tip label="When the collateral is returned">
              It stays yours. It is at stake only if this copy cheats or leaks.
            </Tip>
          </>
        }
      >
        <Amount value={terms.collateral} />
      </Fact>
      <Fact name="You pay now" strong>
        <Amount value={terms.price + fee + terms.collateral} />
      </Fact>
      <Fact name="Returned after closing and thawing">
        <Amount value={terms.collateral - leakBond} />
      </Fact>
      <Fact
        name={
          <>
            Leak bond{' '}
            <Tip label="Why the leak bond is returned slowly">
              Weights do not come back, so neither does all of the collateral at once.
            </Tip>
          </>
        }
      >
        <Amount value={leakBond} />, over {formatDuration(leakTail)}
      </Fact>
    </Facts>
  )
}

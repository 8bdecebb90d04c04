import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import type { Terms } from '@/lib/chain/terms'

/** The amount to pay, and its refundable part. */
export function PriceTable({ terms }: { terms: Pick<Terms, 'price' | 'collateral'> }) {
  return (
    <Facts>
      <Fact name="Price">
        <Amount value={terms.price} />
      </Fact>
      <Fact
        name={
          <>
            Collateral{' '}
            <Tip label="When the collateral is returned">
              It stays yours. It is returned when you have closed the copy and the thawing period is over. It is at
              stake only if this copy cheats or leaks.
            </Tip>
          </>
        }
      >
        <Amount value={terms.collateral} />
      </Fact>
      <Fact name="You pay now" strong>
        <Amount value={terms.price + terms.collateral} />
      </Fact>
      <Fact name="Refundable">
        <Amount value={terms.collateral} />
      </Fact>
    </Facts>
  )
}

import { Fact, Facts } from '@/components/ui/facts'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import type { Terms } from '@/lib/market/read/views'

/** The full price, and what of it comes back. */
export function PriceTable({ terms }: { terms: Pick<Terms, 'price' | 'collateral'> }) {
  return (
    <Facts>
      <Fact name="Price of the copy">
        <Amount value={terms.price} />
      </Fact>
      <Fact
        name={
          <>
            Collateral{' '}
            <Tip label="When the collateral comes back">
              It stays yours. It comes back when you close the copy and its thaw is over. It is at stake only if this
              copy cheats or leaks.
            </Tip>
          </>
        }
      >
        <Amount value={terms.collateral} />
      </Fact>
      <Fact name="You pay now" strong>
        <Amount value={terms.price + terms.collateral} />
      </Fact>
      <Fact name="of which refundable">
        <Amount value={terms.collateral} />
      </Fact>
    </Facts>
  )
}

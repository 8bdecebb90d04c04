import { EmptyState } from '@/components/brand/empty-state'
import { ButtonLink } from '@/components/ui/button-link'
import type { Earnings } from '@/lib/market/read/views'
import { ByModel } from './by-model'
import { ClaimAll } from './claim-all'
import { Ledger } from './ledger'

export function EarningsView({ earnings }: { earnings: Earnings }) {
  const nothing = earnings.models.length === 0 && earnings.credit === 0n
  return (
    <div className="space-y-6">
      {/* It stays when nothing is left to claim, to say what was claimed. */}
      <ClaimAll earnings={earnings} />
      {nothing ? (
        <EmptyState title="Nothing earned yet" action={<ButtonLink href="/publish">Publish a model</ButtonLink>}>
          Holders of a model’s shares earn from every copy sold, and from every sale of a model derived from it.
        </EmptyState>
      ) : (
        <>
          <ByModel earnings={earnings} />
          <Ledger lines={earnings.lines} />
        </>
      )}
    </div>
  )
}

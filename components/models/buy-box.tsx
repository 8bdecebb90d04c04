import { UseButton } from '@/components/programs/use-button'
import { ButtonLink } from '@/components/ui/button-link'
import { Callout } from '@/components/ui/callout'
import { Card } from '@/components/ui/card'
import { Amount } from '@/components/values/amount'
import type { ModelPage } from '@/lib/market/read/views'
import { PaymentSplit } from './payment-split'
import { PriceTable } from './price-table'

export function BuyBox({ model }: { model: ModelPage }) {
  return (
    <Card aria-label="Get a copy" className="divide-y">
      <div className="p-5">
        <PriceTable terms={model.terms} leakTail={model.leakTail} />
        {model.retired ? (
          <Callout tone="warning" className="mt-4">
            This model is retired: no new copies are sold. Existing ones are not affected.
          </Callout>
        ) : (
          <ButtonLink size="large" className="mt-4 w-full" href={`/models/${model.id}/buy`}>
            Get a copy
          </ButtonLink>
        )}
        <UseButton model={model.id} className="mt-2 w-full" />
        <p className="mt-3 text-xs text-muted">
          {model.copiesSold} {model.copiesSold === 1 ? 'copy' : 'copies'} sold · <Amount value={model.earned} /> earned
        </p>
      </div>
      <div className="p-5">
        <h2 className="mb-3 text-sm font-semibold">How the price is split</h2>
        <PaymentSplit price={model.terms.price} cuts={model.cuts} ancestors={model.ancestors} entered={model.entered} />
      </div>
    </Card>
  )
}

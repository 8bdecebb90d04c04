import { CaseTable } from '@/components/courts/case-table'
import { Callout } from '@/components/ui/callout'
import { Fact, Facts } from '@/components/ui/facts'
import { Link } from '@/components/ui/link'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { CaseSummary, ModelPage } from '@/lib/market/read/views'
import { OriginPart } from './origin-part'

/** What stands behind the parents that a model names: its bonds, the ancestors that a court has entered, and cases. */
export function OriginPanel({ model, cases, due }: { model: ModelPage; cases: CaseSummary[]; due: bigint }) {
  return (
    <div className="space-y-8">
      <section className="space-y-3">
        <h3 className="text-sm font-semibold">Bonds</h3>
        <OriginPart part="bonds" model={model} />
        <Callout>
          Whoever publishes a version locks a bond, and answers with it for having named all parents. It is lost if
          drawn provers find that the weights descend from an earlier model that is not named.
        </Callout>
      </section>
      {model.entered.length > 0 && (
        <section className="space-y-3">
          <h3 className="text-sm font-semibold">Entered ancestors</h3>
          <Facts>
            {model.entered.map((ancestor) => (
              <Fact
                key={ancestor.id}
                name={
                  <Link href={`/models/${ancestor.id}`} className="font-medium underline-offset-4 hover:underline">
                    <Name>{ancestor.name}</Name>
                  </Link>
                }
              >
                <Figure bps={ancestor.royaltyBps} /> of what the model earns, since <Time at={ancestor.enteredAt} />
              </Fact>
            ))}
          </Facts>
          <p className="text-sm text-muted">
            This model did not name them, and a court found them. They earn out of the shareholders’ part.
          </p>
          <OriginPart part="carry" model={model} />
        </section>
      )}
      <section className="space-y-3">
        <h3 className="text-sm font-semibold">Descends from a model that it does not name?</h3>
        {cases.length > 0 && <CaseTable cases={cases} />}
        <OriginPart part="case" model={model} due={due} />
      </section>
    </div>
  )
}

import { EmptyState } from '@/components/brand/empty-state'
import { ButtonLink } from '@/components/ui/button-link'
import { Page, PageTitle } from '@/components/ui/page'
import type { ModelQuery, ModelSummary } from '@/lib/market/read/views'
import { Filters } from './filters'
import { ModelCard } from './model-card'

const distinct = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))].sort()

export function Explore({ models, all, query }: { models: ModelSummary[]; all: ModelSummary[]; query: ModelQuery }) {
  return (
    <Page>
      <PageTitle
        title="Open models that pay their creators"
        aside={
          <ButtonLink variant="secondary" href="/publish">
            Publish a model
          </ButtonLink>
        }
      >
        Buy a copy and run it anywhere. Each copy carries its own fingerprint, and each sale pays every model it is
        derived from.
      </PageTitle>
      {all.length > 0 && (
        <Filters
          query={query}
          families={distinct(all.map((m) => m.family))}
          licences={distinct(all.map((m) => m.licence))}
        />
      )}
      <p role="status" className="sr-only">
        {models.length} models
      </p>
      {models.length > 0 ? (
        <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {models.map((model) => (
            <li key={model.id}>
              <ModelCard model={model} />
            </li>
          ))}
        </ul>
      ) : (
        <NoModels searched={all.length > 0} />
      )}
    </Page>
  )
}

function NoModels({ searched }: { searched: boolean }) {
  return searched ? (
    <EmptyState
      title="No models found"
      action={
        <ButtonLink variant="secondary" href="/">
          Show all models
        </ButtonLink>
      }
    >
      No model matches these filters. Try a shorter search or remove a filter.
    </EmptyState>
  ) : (
    <EmptyState title="No models yet" action={<ButtonLink href="/publish">Publish a model</ButtonLink>}>
      A model is a Hugging Face folder: config.json, tokenizer.json, *.safetensors and a README.md.
    </EmptyState>
  )
}

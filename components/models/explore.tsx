import { EmptyState } from '@/components/brand/empty-state'
import { ButtonLink } from '@/components/ui/button-link'
import { Page, PageTitle } from '@/components/ui/page'
import type { Facets, ModelList, ModelQuery } from '@/lib/market/read/views'
import { Filters } from './filters'
import { ModelCard } from './model-card'
import { modelQueryHref } from './model-query'

export function Explore({ found, facets, query }: { found: ModelList; facets: Facets; query: ModelQuery }) {
  const { models, next, similar } = found
  const { search, family, licence, task, cursor } = query
  const narrowed = [search, family, licence, task, cursor].some((value) => value !== undefined)
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
      {(narrowed || models.length > 0) && <Filters query={query} facets={facets} />}
      {similar && <p className="mb-4 text-sm text-muted">No model has all of these words. These come closest:</p>}
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
        <NoModels searched={narrowed} />
      )}
      {(cursor || next) && (
        <nav aria-label="Pages" className="mt-8 flex justify-center gap-3">
          {cursor && (
            <ButtonLink variant="secondary" href={modelQueryHref({ ...query, cursor: undefined })}>
              First page
            </ButtonLink>
          )}
          {next && (
            <ButtonLink variant="secondary" href={modelQueryHref({ ...query, cursor: next })}>
              Next page
            </ButtonLink>
          )}
        </nav>
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

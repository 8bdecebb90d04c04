import Link from 'next/link'
import { EmptyState } from '@/components/brand/empty-state'
import { Button } from '@/components/ui/button'
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
          <Button asChild variant="secondary">
            <Link href="/publish">Publish a model</Link>
          </Button>
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
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
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
        <Button asChild variant="secondary">
          <Link href="/">Show all models</Link>
        </Button>
      }
    >
      No model matches these filters. Try a shorter search or remove a filter.
    </EmptyState>
  ) : (
    <EmptyState
      title="No models yet"
      action={
        <Button asChild>
          <Link href="/publish">Publish a model</Link>
        </Button>
      }
    >
      A model is a Hugging Face folder: config.json, tokenizer.json, *.safetensors and a README.md.
    </EmptyState>
  )
}

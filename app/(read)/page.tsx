import { Explore } from '@/components/models/explore'
import { parseModelQuery } from '@/components/models/model-query'
import { facetsOf } from '@/lib/market/read/facets-of'
import { listModelsFrom } from '@/lib/market/read/list-models'

export default async function ExplorePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const query = parseModelQuery(await searchParams)
  const [found, facets] = await Promise.all([listModelsFrom(query), facetsOf(query.search)])
  return <Explore found={found} facets={facets} query={query} />
}

import { Explore } from '@/components/models/explore'
import { parseModelQuery } from '@/components/models/model-query'
import { listModels } from '@/lib/market/read/list-models'

export default async function ExplorePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const query = parseModelQuery(await searchParams)
  const [models, all] = await Promise.all([listModels(query), listModels({})])
  return <Explore models={models} all={all} query={query} />
}

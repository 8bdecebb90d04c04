import type { ModelQuery } from '@/lib/market/read/views'

export const sorts = {
  trending: 'Trending',
  new: 'Newest',
  earned: 'Most earned',
  price: 'Lowest price',
  size: 'Smallest',
} as const

type Params = Record<string, string | string[] | undefined>

/** The page’s address with these filters. */
export function modelQueryHref(query: ModelQuery): string {
  const { search, sort, licence, family, task, cursor } = query
  const given = Object.entries({ search, sort, licence, family, task, cursor }).filter(
    ([, value]) => value !== undefined,
  )
  const params = new URLSearchParams(given as [string, string][])
  return given.length > 0 ? `/?${params}` : '/'
}

/** Reads the filters from a page's URL and ignores unknown values. */
export function parseModelQuery(params: Params): ModelQuery {
  const one = (name: string) => {
    const value = params[name]
    const text = Array.isArray(value) ? value[0] : value
    // Postgres takes no NUL in a text.
    return text?.replaceAll('\0', '').trim().slice(0, 400) || undefined
  }
  const sort = one('sort')
  return {
    search: one('search'),
    sort: sort && Object.hasOwn(sorts, sort) ? (sort as ModelQuery['sort']) : undefined,
    licence: one('licence'),
    family: one('family'),
    task: one('task'),
    cursor: one('cursor'),
  }
}

import type { ModelQuery } from '@/lib/market/read/views'

export const sorts = { new: 'Newest', earned: 'Most earned', price: 'Lowest price' } as const

type Params = Record<string, string | string[] | undefined>

/** Reads the filters from a page's URL and ignores unknown values. */
export function parseModelQuery(params: Params): ModelQuery {
  const one = (name: string) => {
    const value = params[name]
    return (Array.isArray(value) ? value[0] : value)?.trim().slice(0, 100) || undefined
  }
  const sort = one('sort')
  return {
    search: one('search'),
    sort: sort && Object.hasOwn(sorts, sort) ? (sort as ModelQuery['sort']) : undefined,
    licence: one('licence'),
    family: one('family'),
  }
}

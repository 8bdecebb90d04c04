import type { z } from 'zod'
import { type Asked, type EndpointName, type Endpoints, endpoints } from '../api/endpoints'
import { KinmarkError } from '../error'
import { errorOfProblem } from '../problem'

type Answer<Name extends EndpointName> = z.infer<Endpoints[Name]['answer']>

export type Client = {
  /** Asks an endpoint, or has it change something; its answer is checked. Throws the server's error, `browser.request-failed`, or `cli.site-foreign`. */
  get<Name extends EndpointName>(name: Name, given: Asked<Name>): Promise<Answer<Name>>
  /** All items of a list, page after page. */
  all<Name extends ListName>(
    name: Name,
    given: Omit<Asked<Name>, 'cursor'>,
  ): AsyncGenerator<Answer<Name>['items'][number]>
}

/** The endpoints that have pages. */
type ListName = {
  [Name in EndpointName]: Answer<Name> extends { items: unknown[]; next: string | null } ? Name : never
}[EndpointName]

/**
 * A client of the public API of the market at `site`, such as https://kinmark.example. `token` is an API token; `send` is
 * asked instead of `fetch`.
 */
export function kinmarkClient(site: string, token?: string, send: typeof fetch = fetch): Client {
  async function get<Name extends EndpointName>(name: Name, given: Asked<Name>): Promise<Answer<Name>> {
    const { method, path, params, query, answer } = endpoints[name]
    const values = given as Record<string, unknown>
    const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values[key])))
    const url = new URL(`${site.replace(/\/$/, '')}/api/v1${filled}`)
    const apart = (keys: string[], inside: boolean) =>
      Object.entries(values).filter(([key, value]) => value !== undefined && keys.includes(key) === inside)
    for (const [key, value] of apart(Object.keys(query.shape), true)) url.searchParams.set(key, String(value))
    const body = Object.fromEntries(apart([...Object.keys(params.shape), ...Object.keys(query.shape)], false))
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const sent =
      method === 'post'
        ? { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
        : { method: method.toUpperCase(), headers }
    const response = await send(url, sent)
    const found = await response.json().catch(() => null)
    if (!response.ok) throw errorOfProblem(found, response.status)
    const { data, error } = answer.safeParse(found)
    if (error) throw new KinmarkError('cli.site-foreign', { site }, { cause: error })
    return data as Answer<Name>
  }
  return {
    get,
    async *all(name, given) {
      for (let cursor: string | undefined; ; ) {
        const page = await get(name, { ...given, cursor } as never)
        yield* page.items as never[]
        if (page.next === null) return
        cursor = page.next
      }
    },
  }
}

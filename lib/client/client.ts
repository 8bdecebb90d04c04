import type { z } from 'zod'
import { type Asked, type EndpointName, type Endpoints, endpoints } from '../api/endpoints'
import { KinmarkError } from '../error'
import { errorOfProblem } from '../problem'

type Answer<Name extends EndpointName> = z.infer<Endpoints[Name]['answer']>

export type Client = {
  /** Asks an endpoint; its answer is checked. Throws the server's error, `browser.request-failed`, or `cli.site-foreign`. */
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
    const { path, params, answer } = endpoints[name]
    const values = given as Record<string, string | number | undefined>
    const inPath = Object.keys(params.shape)
    const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values[key])))
    const url = new URL(`${site.replace(/\/$/, '')}/api/v1${filled}`)
    for (const [key, value] of Object.entries(values))
      if (value !== undefined && !inPath.includes(key)) url.searchParams.set(key, String(value))
    const response = await send(url, { headers: token ? { authorization: `Bearer ${token}` } : {} })
    const body = await response.json().catch(() => null)
    if (!response.ok) throw errorOfProblem(body, response.status)
    const { data, error } = answer.safeParse(body)
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

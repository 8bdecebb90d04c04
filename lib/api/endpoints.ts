import { z } from 'zod'
import { account, answers, facetQuery, id, modelQuery, nothing, paging } from './schemas'

const number = z.string().regex(/^[1-9]\d{0,9}$/)
const one = { id }

/** Everything that `/api/v1` answers: the routes, the description and the client are made from this table. All of it is GET. */
export const endpoints = {
  listModels: endpoint('/models', 'Models', 'Models on sale', {}, modelQuery, answers.models),
  modelFacets: endpoint(
    '/models/facets',
    'Models',
    'Families, licences and tasks of what a search finds',
    {},
    facetQuery,
    answers.facets,
  ),
  getModel: endpoint('/models/{id}', 'Models', 'A model', one, nothing, answers.model),
  listVersions: endpoint(
    '/models/{id}/versions',
    'Models',
    'A model’s versions, the newest first',
    one,
    nothing,
    answers.versions,
  ),
  listFiles: endpoint(
    '/models/{id}/versions/{version}/files',
    'Models',
    'The files of a version',
    { id, version: number },
    nothing,
    answers.files,
  ),
  listDescendants: endpoint(
    '/models/{id}/descendants',
    'Lineage',
    'Models that owe a model royalties',
    one,
    paging,
    answers.descendants,
  ),
  listModelCopies: endpoint(
    '/models/{id}/copies',
    'Copies',
    'A model’s copies, the newest first',
    one,
    paging,
    answers.copies,
  ),
  listModelEarnings: endpoint(
    '/models/{id}/earnings',
    'Earnings',
    'What a model’s shareholders earned, the newest first',
    one,
    paging,
    answers.earnings,
  ),
  listCopies: endpoint('/copies', 'Copies', 'Copies, the newest first', {}, paging, answers.copies),
  getCopy: endpoint('/copies/{id}', 'Copies', 'A copy', one, nothing, answers.copy),
  listModelHosts: endpoint(
    '/models/{id}/hosts',
    'Hosts',
    'Who serves copies of a model, the cheapest first, and what the prober saw of them',
    one,
    nothing,
    answers.hosts,
  ),
  listDeployments: endpoint(
    '/copies/{id}/deployments',
    'Hosts',
    'Where a copy is served',
    one,
    nothing,
    answers.deployments,
  ),
  listReports: endpoint(
    '/copies/{id}/reports',
    'Hosts',
    'What a copy’s host reported, the newest epoch first',
    one,
    paging,
    answers.reports,
  ),
  listAccountCopies: endpoint(
    '/accounts/{account}/copies',
    'Accounts',
    'Copies that an account bought, the newest first',
    { account },
    paging,
    answers.copies,
  ),
  listHoldings: endpoint(
    '/accounts/{account}/holdings',
    'Accounts',
    'Models whose shares an account holds',
    { account },
    nothing,
    answers.holdings,
  ),
  listAccountEarnings: endpoint(
    '/accounts/{account}/earnings',
    'Accounts',
    'What the models earned whose shares an account holds, the newest first',
    { account },
    paging,
    answers.earnings,
  ),
  listCases: endpoint('/cases', 'Courts', 'Cases, the newest first', {}, paging, answers.cases),
  getCase: endpoint('/cases/{number}', 'Courts', 'A case', { number }, nothing, answers.case),
  listProvers: endpoint('/provers', 'Courts', 'Provers, the largest stake first', {}, nothing, answers.provers),
}

function endpoint<Params extends z.ZodRawShape, Query extends z.ZodObject, Answer extends z.ZodObject>(
  path: `/${string}`,
  tag: string,
  summary: string,
  params: Params,
  query: Query,
  answer: Answer,
) {
  return { path, tag, summary, params: z.object(params), query, answer }
}

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

/** `Object` as it is given or read; nothing in particular where it has no keys. */
type Keys<Schema extends z.ZodObject, Object> = keyof Schema['shape'] extends never ? unknown : Object

/** What an endpoint is asked: the parameters of its path and its query, as they are given. */
export type Asked<Name extends EndpointName> = Keys<Endpoints[Name]['params'], z.input<Endpoints[Name]['params']>> &
  Keys<Endpoints[Name]['query'], z.input<Endpoints[Name]['query']>>

/** The same after it was checked, with defaults. */
export type Given<Name extends EndpointName> = Keys<Endpoints[Name]['params'], z.output<Endpoints[Name]['params']>> &
  Keys<Endpoints[Name]['query'], z.output<Endpoints[Name]['query']>>

/** An endpoint and the parameters in a path below `/api/v1`; null where there is none. */
export function endpointAt(path: string): { name: EndpointName; params: Record<string, string> } | null {
  for (const [name, { path: pattern }] of Object.entries(endpoints)) {
    const params = matchPath(pattern, path)
    if (params) return { name: name as EndpointName, params }
  }
  return null
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith('{')) params[part.slice(1, -1)] = given[i]
    else if (part !== given[i]) return null
  }
  return params
}

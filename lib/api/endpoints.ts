import { z } from 'zod'
import { account, answers, facetQuery, id, modelQuery, nothing, paging, programQuery } from './schemas'
import type { ApiScope } from './scopes'
import { webhookAnswers, webhookBody } from './webhooks'

const number = z.string().regex(/^[1-9]\d{0,9}$/)
const one = { id }
const webhook = z
  .string()
  .regex(/^wh_[0-9a-f]{24}$/)
  .meta({ example: 'wh_0123456789abcdef01234567' })
const message = z
  .string()
  .regex(/^evt_\w{20,60}$/)
  .meta({ example: 'evt_000000a100003f4ad2c6e8b01d35' })

/** Everything that `/api/v1` answers: the routes, the description and the client are made from this table. */
export const endpoints = {
  getChain: endpoint('/chain', 'Chain', 'The chain and the contracts of this market', {}, nothing, answers.chain),
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
  listPrograms: endpoint(
    '/models/{id}/programs',
    'Models',
    'Programs that run a model, with the commands for one of its copies',
    one,
    programQuery,
    answers.programs,
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
    answers.modelHosts,
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
  listHolders: endpoint(
    '/models/{id}/holders',
    'Earnings',
    'Who holds a model’s shares, the largest holder first',
    one,
    paging,
    answers.holders,
  ),
  listVoters: endpoint(
    '/models/{id}/voters',
    'Earnings',
    'Who votes with a model’s shares, own ones and delegated ones, the most votes first',
    one,
    paging,
    answers.voters,
  ),
  listProposals: endpoint(
    '/models/{id}/proposals',
    'Governance',
    'What the holders of a model’s shares vote on, the newest first',
    one,
    paging,
    answers.proposals,
  ),
  listProposalVotes: endpoint(
    '/models/{id}/proposals/{proposal}/votes',
    'Governance',
    'The votes on a proposal, the newest first',
    { id, proposal: id },
    paging,
    answers.proposalVotes,
  ),
  listCopyEvents: endpoint(
    '/copies/{id}/events',
    'Copies',
    'What happened to a copy, the newest first',
    one,
    nothing,
    answers.copyEvents,
  ),
  listHosts: endpoint('/hosts', 'Hosts', 'Where copies are served now', {}, paging, answers.hosts),
  listAllReports: endpoint(
    '/reports',
    'Hosts',
    'What all hosts reported, the newest first',
    {},
    paging,
    answers.reports,
  ),
  listMinters: endpoint('/minters', 'Minters', 'Minters, the largest bond first', {}, nothing, answers.minters),
  listChallenges: endpoint(
    '/challenges',
    'Courts',
    'What happened about challenges, the newest first',
    {},
    paging,
    answers.challenges,
  ),
  listCaseEvents: endpoint(
    '/cases/{number}/events',
    'Courts',
    'What happened in a case, in order',
    { number },
    nothing,
    answers.caseEvents,
  ),
  listCases: endpoint('/cases', 'Courts', 'Cases, the newest first', {}, paging, answers.cases),
  getCase: endpoint('/cases/{number}', 'Courts', 'A case', { number }, nothing, answers.case),
  listProvers: endpoint('/provers', 'Courts', 'Provers, the largest stake first', {}, nothing, answers.provers),
  listWebhooks: ofOwner('/webhooks', 'Your webhooks', {}, nothing, webhookAnswers.webhooks),
  createWebhook: change(
    'post',
    '/webhooks',
    'Makes a webhook, and shows its secret once',
    {},
    webhookBody,
    webhookAnswers.newSecret,
  ),
  endWebhook: change('delete', '/webhooks/{webhook}', 'Ends a webhook', { webhook }, nothing, webhookAnswers.ended),
  changeWebhookSecret: change(
    'post',
    '/webhooks/{webhook}/secret',
    'Gives a webhook another secret; the former one signs as well for a day',
    { webhook },
    nothing,
    webhookAnswers.newSecret,
  ),
  testWebhook: change(
    'post',
    '/webhooks/{webhook}/test',
    'Sends a test message',
    { webhook },
    nothing,
    webhookAnswers.message,
  ),
  enableWebhook: change(
    'post',
    '/webhooks/{webhook}/enable',
    'Sends to a disabled webhook again, first what waits',
    { webhook },
    nothing,
    webhookAnswers.webhook,
  ),
  replayWebhook: change(
    'post',
    '/webhooks/{webhook}/replay',
    'Sends all messages again that were given up',
    { webhook },
    nothing,
    webhookAnswers.replayed,
  ),
  listWebhookMessages: ofOwner(
    '/webhooks/{webhook}/messages',
    'Messages of a webhook and their tries, the newest first',
    { webhook },
    paging,
    webhookAnswers.messages,
  ),
  replayWebhookMessage: change(
    'post',
    '/webhooks/{webhook}/messages/{message}/replay',
    'Sends a message once more',
    { webhook, message },
    nothing,
    webhookAnswers.message,
  ),
}

type Method = 'get' | 'post' | 'delete'

/** A question that everybody may ask. */
function endpoint<Params extends z.ZodRawShape, Query extends z.ZodObject, Answer extends z.ZodObject>(
  path: `/${string}`,
  tag: string,
  summary: string,
  params: Params,
  query: Query,
  answer: Answer,
) {
  const open = { method: 'get' as Method, scope: null as ApiScope | null, body: nothing }
  return { ...open, path, tag, summary, params: z.object(params), query, answer }
}

/** A question about webhooks: a token of their owner asks it. */
function ofOwner<Params extends z.ZodRawShape, Query extends z.ZodObject, Answer extends z.ZodObject>(
  path: `/webhooks${string}`,
  summary: string,
  params: Params,
  query: Query,
  answer: Answer,
) {
  return { ...endpoint(path, 'Webhooks', summary, params, query, answer), scope: 'webhooks' as ApiScope | null }
}

/** A change of webhooks. */
function change<Params extends z.ZodRawShape, Body extends z.ZodObject, Answer extends z.ZodObject>(
  method: Method,
  path: `/webhooks${string}`,
  summary: string,
  params: Params,
  body: Body,
  answer: Answer,
) {
  return { ...ofOwner(path, summary, params, nothing, answer), method, body }
}

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

/** `Object` as it is given or read; nothing in particular where it has no keys. */
type Keys<Schema extends z.ZodObject, Object> = keyof Schema['shape'] extends never ? unknown : Object

/** What an endpoint is asked: the parameters of its path, its query and its body, as they are given. */
export type Asked<Name extends EndpointName> = Keys<Endpoints[Name]['params'], z.input<Endpoints[Name]['params']>> &
  Keys<Endpoints[Name]['query'], z.input<Endpoints[Name]['query']>> &
  Keys<Endpoints[Name]['body'], z.input<Endpoints[Name]['body']>>

/** The same after it was checked, with defaults. */
export type Given<Name extends EndpointName> = Keys<Endpoints[Name]['params'], z.output<Endpoints[Name]['params']>> &
  Keys<Endpoints[Name]['query'], z.output<Endpoints[Name]['query']>> &
  Keys<Endpoints[Name]['body'], z.output<Endpoints[Name]['body']>>

/** An endpoint and the parameters in a path below `/api/v1`; null where there is none. */
export function endpointAt(
  method: string,
  path: string,
): { name: EndpointName; params: Record<string, string> } | null {
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase()
  for (const [name, { method: own, path: pattern }] of Object.entries(endpoints)) {
    const params = own === wanted ? matchPath(pattern, path) : null
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

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { NextRequest } from 'next/server'
import createFetchClient from 'openapi-fetch'
import openapiTypescript, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { createTestClient, encodeFunctionData, http, keccak256, publicActions, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, creator, startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { type EndpointName, endpoints } from '../../api/endpoints'
import { openApi } from '../../api/openapi'
import { modelGovernorAbi, modelGovernorFactoryAbi, modelRegistryAbi } from '../../chain/generated'
import { kinmarkClient } from '../../client/client'
import { enteredAncestors, ledger } from '../../db/schema'
import { createToken, endToken, listTokens, narrowToken, tokenHolder } from '../http/tokens'
import { preflight, serveApi } from './serve'

let market: TestMarket
/** The API as a server of its own, for clients. */
let site: string
const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '', 'http://x').pathname.replace('/api/v1', '')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined
  const answer = await serveApi(
    new NextRequest(`http://127.0.0.1${request.url}`, {
      method: request.method,
      headers: request.headers as never,
      body,
    }),
    decodeURIComponent(path),
  )
  // A test that compiles for seconds would find the connection closed.
  response.shouldKeepAlive = false
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(Buffer.from(await answer.arrayBuffer()))
})

beforeAll(async () => {
  market = await startTestMarket()
  await market.publishTiny()
  await market.order('1' as never, toHex('seed', { size: 32 }))
  await market.indexed()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await market?.stop()
})

let caller = 0
/** Each call from an address of its own, unless one is given, so that no limit counts them together. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: object) {
  const from = headers['x-forwarded-for'] ?? `10.0.${caller >> 8}.${caller++ & 255}`
  const url = new URL(`http://localhost:3000/api/v1${path}`)
  return serveApi(
    new NextRequest(url, {
      method,
      headers: { ...headers, 'x-forwarded-for': from },
      body: body && JSON.stringify(body),
    }),
    decodeURIComponent(url.pathname.replace('/api/v1', '')),
  )
}

test('default: every endpoint answers what it describes', async () => {
  const filled = { id: '1', version: '1', account: creator.address, number: '1' }
  const counts: Partial<Record<EndpointName, number>> = {}
  for (const [name, { path, scope, answer }] of Object.entries(endpoints)) {
    if (scope || ['getCase', 'listCaseEvents', 'listProposalVotes'].includes(name)) continue
    const response = await ask(path.replace(/\{(\w+)\}/g, (_, key: keyof typeof filled) => filled[key]))
    const body = await response.json()
    expect([name, response.status]).toEqual([name, 200])
    expect(answer.strict().parse(body)).toEqual(body)
    if ('items' in body) counts[name as EndpointName] = body.items.length
  }
  expect(counts).toMatchObject({
    ...{ listModels: 1, listVersions: 1, listModelCopies: 1, listCopies: 1, listHoldings: 1, listAccountCopies: 0 },
    ...{
      listMinters: 1,
      listHolders: 1,
      listVoters: 1,
      listProposals: 0,
      listCopyEvents: 1,
      listHosts: 0,
      listChallenges: 0,
    },
    listFiles: expect.any(Number),
  })
  const { items } = await (await ask(`/accounts/${buyer.address.toLowerCase()}/copies`)).json()
  expect(items).toMatchObject([{ id: '1', model: '1', buyer: buyer.address, state: 'ordered', price: '25000000' }])
})

test('default: the programs that run a model, with commands for a copy or for one that is still to be bought', async () => {
  const [wanted, owned] = await Promise.all(
    ['/models/1/programs', '/models/1/programs?copy=1'].map(async (path) => (await ask(path)).json()),
  )
  const [{ folder }, { code }] = [wanted, wanted.get.at(-1)]
  expect(folder).toMatch(/^[a-z0-9.-]+$/)
  expect(code).toBe(`kinmark pull N --out ${folder}`)
  expect(owned.folder).toBe('copy-1')
  const steps = owned.items.flatMap((program: { steps: { code: string }[] }) => program.steps)
  const codes = steps.map((step: { code: string }) => step.code)
  expect(codes).toContain('kinmark export copy-1 --format gguf --precision Q8_0 --out copy-1-gguf')
  expect(codes.at(-1)).toContain('--copy 1 ')
})

test('error: what is not there, and what cannot be read, is a problem with a code', async () => {
  for (const [path, status, code] of [
    ['/models/99/programs', 404, 'market.model-unknown'],
    ['/models/1/programs?copy=99', 404, 'market.copy-unknown'],
    ['/models/99', 404, 'market.model-unknown'],
    ['/models/99/versions', 404, 'market.model-unknown'],
    ['/models/1/versions/9/files', 404, 'market.version-unknown'],
    ['/copies/99', 404, 'market.copy-unknown'],
    ['/cases/1', 404, 'market.case-unknown'],
    ['/cases/1/events', 404, 'market.case-unknown'],
    ['/copies/99/events', 404, 'market.copy-unknown'],
    ['/models/99/voters', 404, 'market.model-unknown'],
    ['/models/99/proposals', 404, 'market.model-unknown'],
    ['/models/1/proposals/7/votes', 404, 'market.proposal-unknown'],
    ['/webhooks', 401, 'market.token-needed'],
    ['/nothing', 404, 'market.endpoint-unknown'],
    ['/models/one', 400, 'market.parameter-invalid'],
    ["/models/1'--", 400, 'market.parameter-invalid'],
    ['/models?limit=0', 400, 'market.parameter-invalid'],
    ['/models?limit=1000', 400, 'market.parameter-invalid'],
    ['/models?limit=1&limit=2', 400, 'market.parameter-invalid'],
    ['/models?sort=__proto__', 400, 'market.parameter-invalid'],
    ['/models?majority=0x00', 400, 'market.parameter-invalid'],
    ['/models?search=a%00b', 400, 'market.parameter-invalid'],
    ['/models?family=%00', 400, 'market.parameter-invalid'],
    ['/models?cursor=bm90IG9uZQ', 400, 'market.cursor-invalid'],
    [`/models?cursor=${Buffer.from('["1 or 1=1","1"]').toString('base64url')}`, 400, 'market.cursor-invalid'],
    [
      `/models/1/earnings?cursor=${Buffer.from('["1.1; select","1"]').toString('base64url')}`,
      400,
      'market.cursor-invalid',
    ],
    ['/accounts/0x12/copies', 400, 'market.parameter-invalid'],
    ['/copies/1/files/config.json', 401, 'market.token-needed'],
  ] as const) {
    const response = await ask(path)
    expect([path, response.status, (await response.json()).code]).toEqual([path, status, code])
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  }
})

test('behavior: who has an answer gets it once, and pages of other sites may read', async () => {
  const first = await ask('/models')
  const tag = first.headers.get('etag')!
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await ask('/models', { 'if-none-match': known })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
  }
  expect((await ask('/models', { 'if-none-match': '"other"' })).status).toBe(200)
  expect((await ask('/models?search=tiny')).headers.get('access-control-allow-origin')).toBe('*')
  expect((await ask('/nothing')).headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight().headers.get('access-control-allow-headers')).toContain('authorization')
  expect(preflight().headers.has('access-control-allow-credentials')).toBe(false)
})

test('behavior: a token reads its holder’s files with its scope, until it ends', async () => {
  const { db } = market.ctx
  const { token } = await createToken(db, buyer.address, { name: 'CI', scopes: ['copies:read'], days: 1 })
  const { token: plain } = await createToken(db, buyer.address, { name: 'reader', scopes: [], days: 1 })
  const status = async (authorization: string) => {
    const response = await ask('/copies/1/files/config.json', { authorization })
    return [response.status, (await response.json()).code]
  }
  // It is the buyer’s copy, which is not delivered yet.
  expect(await status(`Bearer ${token}`)).toEqual([409, 'market.copy-not-delivered'])
  expect(await status(`Bearer ${plain}`)).toEqual([403, 'market.token-scope'])
  for (const wrong of ['Bearer', 'Basic abc', 'Bearer kinmark_', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}-`])
    expect(await status(wrong)).toEqual([401, 'market.token-invalid'])
  const tokens = await listTokens(db, buyer.address)
  expect(tokens.map(({ name }) => name).sort()).toEqual(['CI', 'reader'])
  expect(JSON.stringify(tokens)).not.toContain(token.slice(8))
  const { id } = tokens.find(({ name }) => name === 'CI')!
  await endToken(db, stranger.address, id)
  expect((await status(`Bearer ${token}`))[0]).toBe(409)
  await endToken(db, buyer.address, id)
  expect(await status(`Bearer ${token}`)).toEqual([401, 'market.token-invalid'])
  for (let made = 1; made < 20; made++) await createToken(db, buyer.address, { name: 'many', scopes: [], days: 1 })
  await expect(createToken(db, buyer.address, { name: 'one too many', scopes: [], days: 1 })).rejects.toMatchObject({
    code: 'market.tokens-many',
  })
})

test('behavior: a token with its scope manages webhooks, and the client does so', async () => {
  const { db } = market.ctx
  const { token } = await createToken(db, creator.address, { name: 'hooks', scopes: ['webhooks'], days: 1 })
  const { token: plain } = await createToken(db, creator.address, { name: 'reader', scopes: [], days: 1 })
  const client = kinmarkClient(site, token)
  await expect(kinmarkClient(site, plain).get('listWebhooks', {})).rejects.toMatchObject({ code: 'market.token-scope' })
  const made = await client.get('createWebhook', { url: 'https://hooks.example/a', topics: ['orders'] })
  expect(made).toMatchObject({ url: 'https://hooks.example/a', topics: ['orders'], disabled: null })
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const webhook = made.id
  expect((await client.get('changeWebhookSecret', { webhook })).secret).not.toBe(made.secret)
  const { secret: _, ...view } = made
  const [listed] = (await client.get('listWebhooks', {})).items
  expect(listed).toEqual({ ...view, formerUntil: expect.any(Number) })
  const test = await client.get('testWebhook', { webhook })
  expect(test).toMatchObject({ type: 'webhook.test', state: 'waiting', attempts: 0, tries: [] })
  expect((await client.get('listWebhookMessages', { webhook, limit: 5 })).items).toEqual([test])
  expect(await client.get('replayWebhookMessage', { webhook, message: test.id })).toMatchObject({ id: test.id })
  expect(await client.get('replayWebhook', { webhook })).toEqual({ messages: 0 })
  expect(await client.get('enableWebhook', { webhook })).toMatchObject({ id: webhook, disabled: null })
  expect(await client.get('endWebhook', { webhook })).toEqual({ id: webhook })
  await expect(client.get('endWebhook', { webhook })).rejects.toMatchObject({ code: 'market.webhook-unknown' })

  const authorization = `Bearer ${token}`
  for (const [body, code] of [
    [{ url: 'http://hooks.example/', topics: ['orders'] }, 'market.webhook-address'],
    [{ url: 'https://10.0.0.1/', topics: ['orders'] }, 'outbound.address-private'],
    [{ url: 'https://hooks.example/', topics: [] }, 'market.body-invalid'],
    [{ url: 'https://hooks.example/', topics: ['everything'] }, 'market.body-invalid'],
    [{ url: 'https://hooks.example/', topics: ['orders'], account: stranger.address }, 'market.body-invalid'],
  ] as const) {
    const response = await ask('/webhooks', { authorization }, 'POST', body)
    expect([response.status, (await response.json()).code]).toEqual([400, code])
  }
  const unknown = await ask('/models', { authorization }, 'POST', {})
  expect([unknown.status, (await unknown.json()).code]).toEqual([404, 'market.endpoint-unknown'])
})

test('behavior: what a model earned, for the model and for who holds its shares', async () => {
  const { db } = market.ctx
  const tx = toHex('tx', { size: 32 })
  const line = { block: 1, logIndex: 0, modelId: '1' as never, kind: 'copy' as const, copyId: '1' as never }
  await db.insert(ledger).values({ ...line, amount: 24_300_000n, at: 100, tx })
  const earned = { model: '1', kind: 'copy', copy: '1', descendant: null, amount: '24300000', at: 100, tx }
  for (const path of ['/models/1', `/accounts/${creator.address}`])
    expect(await (await ask(`${path}/earnings`)).json()).toEqual({ items: [earned], next: null })
  await db.delete(ledger)
})

test('behavior: a token makes one that may do less and ends sooner, and none that may do more', async () => {
  const { db } = market.ctx
  const given = { name: 'login', scopes: ['copies:read', 'copies:order'] as const, days: 1 }
  const { token } = await createToken(db, stranger.address, { ...given, scopes: [...given.scopes] })
  const holder = (await tokenHolder(db, `Bearer ${token}`))!
  const { token: narrow } = await narrowToken(db, holder, { name: 'CI', scopes: ['copies:read'], minutes: 10 })
  const narrowed = (await tokenHolder(db, `Bearer ${narrow}`))!
  expect(narrowed).toMatchObject({ account: stranger.address, scopes: ['copies:read'] })
  expect(narrowed.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(600_000)
  const more = { name: 'more', scopes: ['models:publish' as const], minutes: 10 }
  await expect(narrowToken(db, narrowed, more)).rejects.toMatchObject({ code: 'market.token-scope' })
  const { token: longer } = await narrowToken(db, narrowed, { name: 'longer', scopes: [], minutes: 1440 })
  expect((await tokenHolder(db, `Bearer ${longer}`))?.expiresAt).toEqual(narrowed.expiresAt)
  for (const { id } of await listTokens(db, stranger.address)) await endToken(db, stranger.address, id)
})

test('behavior: an address has a number of requests a minute and is told how many are left', async () => {
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  const first = await ask('/provers', headers)
  expect(first.headers.get('ratelimit-policy')).toBe('"minute";q=300;w=60')
  expect(first.headers.get('ratelimit')).toMatch(/^"minute";r=299;t=\d+$/)
  await Promise.all(Array.from({ length: 299 }, () => ask('/provers', headers)))
  const refused = await ask('/provers', headers)
  expect([refused.status, (await refused.json()).code]).toEqual([429, 'market.rate-limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit')).toMatch(/r=0/)
  expect((await ask('/provers', { 'x-forwarded-for': '192.0.2.2' })).status).toBe(200)
})

test('default: a linter finds nothing in the description', async () => {
  const source = JSON.stringify(openApi('https://kinmark.example'))
  const config = await createConfig({ extends: ['recommended-strict'] })
  const found = await lintFromString({ source, config })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('default: a client that a generator made lists the models, and so does our own', async () => {
  const description = await (await ask('/openapi.json')).json()
  const source = `${astToString(await openapiTypescript(description))}
import type createClient from 'openapi-fetch'
declare const client: ReturnType<typeof createClient<paths>>
export const name = client.GET('/models', { params: { query: { search: 'tiny', limit: 5 } } }).then(({ data }): string | undefined => data?.items[0]?.name)
`
  expect(typeErrors(source)).toEqual([])
  expect(typeErrors(source.replace("search: 'tiny'", 'search: 7'))).not.toEqual([])

  type Listed = { GET(path: '/models', given: object): Promise<{ data?: { items: { name: string }[] } }> }
  const generated = createFetchClient({ baseUrl: `${site}/api/v1` }) as unknown as Listed
  const { data } = await generated.GET('/models', { params: { query: { search: 'tiny' } } })
  expect(data?.items.map(({ name }) => name)).toEqual(['tiny'])

  const client = kinmarkClient(site)
  const names = []
  for await (const { name, id } of client.all('listModels', { limit: 1 })) names.push([id, name])
  expect(names).toEqual([['1', 'tiny']])
  expect(await client.get('getModel', { id: '1' })).toMatchObject({ name: 'tiny', price: '25000000', descendants: 0 })
  await expect(client.get('getModel', { id: '99' })).rejects.toMatchObject({
    code: 'market.model-unknown',
    facts: { model: '99' },
  })
})

/** What the TypeScript compiler says about a module. */
function typeErrors(source: string): string[] {
  const file = `${process.cwd()}/test/generated-client.ts`
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023) : read.call(host, name, ...rest)
  const exists = host.fileExists
  host.fileExists = (name) => name === file || exists.call(host, name)
  const program = ts.createProgram([file], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

test('behavior: a proposal is made, voted on and queued, and its votes are listed', async () => {
  const { modelGovernorFactory: factory, modelRegistry } = market.deployment.contracts
  const chain = createTestClient({ mode: 'anvil', transport: http(market.rpcUrl) }).extend(publicActions)
  const later = async (seconds: number) => {
    await chain.increaseTime({ seconds })
    await chain.mine({ blocks: 1 })
  }
  const factoryCall = { address: factory, abi: modelGovernorFactoryAbi, args: [1n] } as const
  const governor = await chain.readContract({ ...factoryCall, functionName: 'governorOf' })
  await market.send(creator, { ...factoryCall, functionName: 'create' })
  const named = [1n, stranger.address, true] as const
  const data = encodeFunctionData({ abi: modelRegistryAbi, functionName: 'nameMinter', args: named })
  const call = { address: governor, abi: modelGovernorAbi } as const
  const proposed = [[modelRegistry], [0n], [data], 'Name another minter'] as const
  await market.send(creator, { ...call, functionName: 'propose', args: proposed })
  await market.indexed()
  const [made] = (await (await ask('/models/1/proposals')).json()).items
  expect(made).toMatchObject({
    ...{ model: '1', governor, proposer: creator.address, step: 'made', executableFrom: null },
    calls: [{ target: modelRegistry, data }],
    votes: { for: '0', against: '0', abstain: '0' },
  })
  await later(86_400 + 60)
  const vote = [BigInt(made.id), 1, 'It is near'] as const
  await market.send(creator, { ...call, functionName: 'castVoteWithReason', args: vote })
  await later(8 * 86_400)
  const decided = [[modelRegistry], [0n], [data], keccak256(toHex('Name another minter'))] as const
  await market.send(creator, { ...call, functionName: 'queue', args: decided })
  await market.indexed()
  const response = await ask('/models/1/proposals')
  const page = await response.json()
  expect(endpoints.listProposals.answer.strict().parse(page)).toEqual(page)
  const all = `${10n ** 24n}`
  expect(page.items).toMatchObject([{ id: made.id, step: 'queued', votes: { for: all, against: '0', abstain: '0' } }])
  expect(page.items[0].executableFrom).toBeGreaterThan(page.items[0].voteEnd)
  const votes = await (await ask(`/models/1/proposals/${made.id}/votes`)).json()
  expect(endpoints.listProposalVotes.answer.strict().parse(votes)).toEqual(votes)
  expect(votes.items).toMatchObject([{ voter: creator.address, support: 'for', weight: all, reason: 'It is near' }])
})

test('behavior: a model names the ancestors that a court has entered, and a version the bond behind it', async () => {
  const { db } = market.ctx
  await db
    .insert(enteredAncestors)
    .values({ modelId: '1' as never, ancestor: '1' as never, royaltyBps: 300, position: 0, enteredAt: 5 })
  const model = await (await ask('/models/1')).json()
  expect(model.enteredAncestors).toEqual([{ id: '1', name: model.name, royaltyBps: 300, enteredAt: 5 }])
  await db.delete(enteredAncestors)
  const { items } = await (await ask('/models/1/versions')).json()
  expect(items[0].originBond).toMatchObject({ owner: creator.address, taken: '0' })
  expect(BigInt(items[0].originBond.amount)).toBeGreaterThan(0n)
})

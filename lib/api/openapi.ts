import { z } from 'zod'
import { type EndpointName, endpoints } from './endpoints'
import { nothing, problem } from './schemas'
import { messageSchema, webhookEvents } from './webhooks'

type Json = Record<string, unknown>

const tags: Record<string, string> = {
  Chain: 'Where the contracts are.',
  Models: 'Models on sale, their versions and files.',
  Lineage: 'Which models owe which royalties.',
  Copies: 'Copies that were bought.',
  Earnings: 'What shareholders earned.',
  Governance: 'What holders of shares vote on.',
  Hosts: 'Where copies are served, and what their hosts report.',
  Accounts: 'What belongs to an address of the chain.',
  Minters: 'Who fingerprints and delivers copies.',
  Courts: 'Cases, challenges and provers.',
  Webhooks: 'Where your programs hear of what happens.',
}

/** The description of `/api/v1` in OpenAPI 3.1. `site` is the address of this server. */
export function openApi(site: string): Json {
  const paths: Record<string, Json> = {}
  const named: Record<string, z.ZodType> = { Problem: problem }
  for (const [name, { method, path, body, answer }] of Object.entries(endpoints)) {
    paths[path] = { ...paths[path], [method]: operationOf(name as EndpointName) }
    named[`${capital(name)}Answer`] = answer
    if (body !== nothing) named[`${capital(name)}Body`] = body
  }
  for (const [type, { data }] of Object.entries(webhookEvents)) named[messageName(type)] = messageSchema(type, data)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kinmark',
      version: '1',
      description:
        'Reads everything that the pages of a Kinmark market show. Amounts are decimal strings in millionths of a USDC. Lists have pages: ask for the next one with `cursor` set to `next`. Errors are problem details (RFC 9457). Webhooks follow Standard Webhooks.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${site}/api/v1`, description: 'This market' }],
    security: [{}, { token: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: Object.fromEntries(Object.entries(webhookEvents).map(([type, event]) => [type, told(type, event)])),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token. Reading works without; a token has limits of its own.',
        },
      },
      responses: {
        Problem: {
          description: 'What went wrong',
          headers: limitHeaders,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: schemas(named),
    },
  }
}

const jsonOf = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })

function operationOf(name: EndpointName): Json {
  const { method, tag, summary, scope, params, query, body } = endpoints[name]
  const tagged = { ETag: { description: 'Of this answer', schema: { type: 'string' } } }
  const isRead = method === 'get'
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(scope && { description: `Needs a token with the scope \`${scope}\`.`, security: [{ token: [] }] }),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body !== nothing && { requestBody: { required: true, content: jsonOf(`${capital(name)}Body`) } }),
    responses: {
      200: {
        description: summary,
        headers: { ...(isRead && tagged), ...limitHeaders },
        content: jsonOf(`${capital(name)}Answer`),
      },
      ...(isRead && { 304: { description: 'Nothing has changed since the answer with the ETag in If-None-Match.' } }),
      '4XX': { $ref: '#/components/responses/Problem' },
      '5XX': { $ref: '#/components/responses/Problem' },
    },
  }
}

/** What a webhook’s receiver gets. */
function told(type: string, { summary, topic }: { summary: string; topic: string }): Json {
  const header = (name: string, description: string) => ({
    ...{ name, in: 'header', required: true, description },
    schema: { type: 'string' },
  })
  const post = {
    operationId: messageName(type),
    tags: ['Webhooks'],
    summary,
    description: `Topic: ${topic}`,
    security: [],
    parameters: [
      header('webhook-id', 'Names the event. The same message may come twice: ignore an id that you have seen.'),
      header('webhook-timestamp', 'When this try was made, in Unix seconds. Refuse what is older than five minutes.'),
      header('webhook-signature', 'v1, and HMAC-SHA-256 in base64 over id, time and body; one for each valid secret'),
    ],
    requestBody: { required: true, content: jsonOf(messageName(type)) },
    responses: {
      '2XX': { description: 'It has arrived.' },
      410: { description: 'Nothing more is to be sent here.' },
      '4XX': { description: 'It is sent again later.' },
      '5XX': { description: 'It is sent again later.' },
    },
  }
  return { post }
}

/** “order.placed” → “OrderPlacedMessage”. */
const messageName = (type: string) => `${type.split('.').map(capital).join('')}Message`

const limitHeaders = {
  RateLimit: {
    description: 'Requests that are left (r) and seconds until they are all back (t)',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'Requests (q) in so many seconds (w)', schema: { type: 'string' } },
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1)

/** Named schemas become components of their own. */
function schemas(named: Record<string, z.ZodType>): Json {
  const found: Json = {}
  for (const [name, schema] of Object.entries(named)) {
    const { $defs, ...rest } = schemaOf(schema)
    Object.assign(found, $defs)
    found[name] ??= rest
  }
  return JSON.parse(JSON.stringify(found).replaceAll('#/$defs/', '#/components/schemas/'))
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, id: __, ...rest } = z.toJSONSchema(schema, { io: 'output' }) as Json
  return rest
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, example, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
    schema: property,
  }))
}

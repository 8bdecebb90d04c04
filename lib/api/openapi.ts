import { z } from 'zod'
import { endpoints } from './endpoints'
import { problem } from './schemas'

type Json = Record<string, unknown>

const tags: Record<string, string> = {
  Chain: 'Where the contracts are.',
  Models: 'Models on sale, their versions and files.',
  Lineage: 'Which models owe which royalties.',
  Copies: 'Copies that were bought.',
  Earnings: 'What shareholders earned.',
  Hosts: 'Where copies are served, and what their hosts report.',
  Accounts: 'What belongs to an address of the chain.',
  Courts: 'Cases and provers.',
}

/** The description of `/api/v1` in OpenAPI 3.1. `site` is the address of this server. */
export function openApi(site: string): Json {
  const paths = Object.entries(endpoints).map(([name, { path, tag, summary, params, query, answer }]) => {
    const get = {
      operationId: name,
      tags: [tag],
      summary,
      parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
      responses: {
        200: {
          description: summary,
          headers: { ETag: { description: 'Of this answer', schema: { type: 'string' } }, ...limitHeaders },
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${capital(name)}Answer` } } },
        },
        304: { description: 'Nothing has changed since the answer with the ETag in If-None-Match.' },
        '4XX': { $ref: '#/components/responses/Problem' },
        '5XX': { $ref: '#/components/responses/Problem' },
      },
    }
    return [path, { get }, [`${capital(name)}Answer`, answer]] as const
  })
  const registry = z.registry<{ id?: string }>()
  for (const [, , [name, answer]] of paths) registry.add(answer, { id: name })
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kinmark',
      version: '1',
      description:
        'Reads everything that the pages of a Kinmark market show. Amounts are decimal strings in millionths of a USDC. Lists have pages: ask for the next one with `cursor` set to `next`. Errors are problem details (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${site}/api/v1`, description: 'This market' }],
    security: [{}, { token: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(paths.map(([path, operations]) => [path, operations])),
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
      schemas: schemas({
        ...Object.fromEntries(paths.map(([, , [name, answer]]) => [name, answer])),
        Problem: problem,
      }),
    },
  }
}

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

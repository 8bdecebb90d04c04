import { type EndpointName, endpoints } from '@/lib/api/endpoints'
import { webhookBody } from '@/lib/api/webhooks'

/** The parameters in the paths of all endpoints. */
type PathParam = { [Name in EndpointName]: keyof (typeof endpoints)[Name]['params']['shape'] }[EndpointName]

const values: Record<PathParam, string> = {
  id: '1',
  version: '1',
  number: '1',
  account: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
  webhook: 'wh_0123456789abcdef01234567',
  proposal: '1',
  message: 'evt_000000a100003f4ad2c6e8b01d35',
}
const webhook = { url: 'https://example.com/kinmark', topics: ['orders', 'payments'] }

/** A request to an endpoint in three languages, ready to run. Where a token is needed, it is in KINMARK_TOKEN. */
export function examplesOf(name: EndpointName, site: string): Record<string, string> {
  const { method, path, params, scope, body, answer } = endpoints[name]
  const url = `${site}/api/v1${path.replace(/\{(\w+)\}/g, (_, key: PathParam) => values[key])}`
  const sent = body === webhookBody ? webhook : {}
  const json = method === 'post' ? JSON.stringify(sent) : null
  const isList = 'items' in answer.shape
  return {
    curl: curl(url, method, scope !== null, json),
    TypeScript: typescript(name, site, scope !== null, { ...pick(Object.keys(params.shape)), ...sent }, isList),
    Python: python(url, method, scope !== null, json, isList),
  }
}

const pick = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, values[key as PathParam]]))

function curl(url: string, method: string, withToken: boolean, json: string | null): string {
  const parts = ['curl -s']
  if (method === 'delete') parts.push('-X DELETE')
  if (withToken) parts.push('-H "authorization: Bearer $KINMARK_TOKEN"')
  if (json) parts.push(`-H 'content-type: application/json' -d '${json}'`)
  return [...parts, url].join(' ')
}

function typescript(name: string, site: string, withToken: boolean, given: object, isList: boolean): string {
  const facts = Object.entries(given).map(([key, value]) => `${key}: ${JSON.stringify(value).replaceAll('"', "'")}`)
  return [
    "import { kinmarkClient } from './lib/client/client'",
    '',
    `const client = kinmarkClient('${site}'${withToken ? ', process.env.KINMARK_TOKEN' : ''})`,
    `const answer = await client.get('${name}', {${facts.length > 0 ? ` ${facts.join(', ')} ` : ''}})`,
    isList ? 'for (const item of answer.items) console.log(item)' : 'console.log(answer)',
  ].join('\n')
}

function python(url: string, method: string, withToken: boolean, json: string | null, isList: boolean): string {
  const headers = [
    ...(withToken ? ['"authorization": "Bearer " + os.environ["KINMARK_TOKEN"]'] : []),
    ...(json ? ['"content-type": "application/json"'] : []),
  ]
  const request = withToken
    ? [
        `request = urllib.request.Request("${url}", method="${method.toUpperCase()}", headers={${headers.join(', ')}}${json ? `, data=b'${json}'` : ''})`,
      ]
    : []
  return [
    `import json, ${withToken ? 'os, ' : ''}urllib.request`,
    '',
    ...request,
    `with urllib.request.urlopen(${withToken ? 'request' : `"${url}"`}) as response:`,
    '    answer = json.load(response)',
    isList ? 'for item in answer["items"]:\n    print(item)' : 'print(answer)',
  ].join('\n')
}

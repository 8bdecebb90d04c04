import { type EndpointName, endpoints } from '@/lib/api/endpoints'

const values: Record<string, string> = {
  id: '1',
  version: '1',
  number: '1',
  account: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
}

/** A request to an endpoint in three languages, ready to run. */
export function examplesOf(name: EndpointName, site: string): Record<string, string> {
  const { path, params, answer } = endpoints[name]
  const url = `${site}/api/v1${path.replace(/\{(\w+)\}/g, (_, key: string) => values[key])}`
  const given = Object.keys(params.shape).map((key) => `${key}: '${values[key]}'`)
  const isList = 'items' in answer.shape
  return {
    curl: `curl -s ${url}`,
    TypeScript: [
      "import { kinmarkClient } from './lib/client/client'",
      '',
      `const client = kinmarkClient('${site}')`,
      `const answer = await client.get('${name}', {${given.length > 0 ? ` ${given.join(', ')} ` : ''}})`,
      isList ? 'for (const item of answer.items) console.log(item)' : 'console.log(answer)',
    ].join('\n'),
    Python: [
      'import json, urllib.request',
      '',
      `with urllib.request.urlopen("${url}") as response:`,
      '    answer = json.load(response)',
      isList ? 'for item in answer["items"]:\n    print(item)' : 'print(answer)',
    ].join('\n'),
  }
}

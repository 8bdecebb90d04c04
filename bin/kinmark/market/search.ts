import type { z } from 'zod'
import type { Asked } from '../../../lib/api/endpoints'
import type { answers } from '../../../lib/api/schemas'
import { modelQuery } from '../../../lib/api/schemas'
import { KinmarkError } from '../../../lib/error'
import { formatUsdc } from '../../../lib/format/amounts'
import { formatCount } from '../../../lib/format/sizes'
import { plainLine } from '../../../lib/manifest/plain-line'
import { type CommandOptions, type CommandResult, integerOf, type Values } from '../options'
import { columns } from '../table'
import { visit } from './login-file'

type Found = z.infer<typeof answers.models>['items'][number]

const usualLimit = 25
const pageLimit = 100

/** Models on sale with these words. Exit status 1 where there are none. */
export async function search(words: string[], values: Values, { signal }: CommandOptions): Promise<CommandResult> {
  const { site } = await visit(values, signal)
  const limit = integerOf(values, 'limit', { least: 1, most: 10_000 }) ?? usualLimit
  const { family, licence, task } = values
  const query: Asked<'listModels'> = {
    ...{ family, licence, task, sort: sortOf(values), limit: Math.min(limit, pageLimit) },
    search: words.join(' ') || undefined,
  }
  const found: Found[] = []
  for await (const model of site.api.all('listModels', query)) {
    found.push(model)
    if (found.length === limit) break
  }
  const rows = found.map(({ id, name, family, parameters, price, copiesSold, task, retired }) => [
    id,
    plainLine(name) + (retired ? ' (retired)' : ''),
    plainLine(family),
    formatCount(parameters),
    plainLine(task ?? ''),
    `${formatUsdc(BigInt(price))} USDC`,
    `${copiesSold} sold`,
  ])
  const text = rows.length > 0 ? columns(rows) : 'No model has these words.'
  return { text, json: { items: found }, yes: found.length > 0 }
}

function sortOf({ sort }: Values) {
  const { data, error } = modelQuery.shape.sort.safeParse(sort)
  if (!error) return data
  throw new KinmarkError('cli.choice-invalid', {
    option: 'sort',
    value: sort ?? '',
    choices: modelQuery.shape.sort.unwrap().options,
  })
}

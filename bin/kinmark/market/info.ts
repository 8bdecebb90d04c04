import { parseModelId } from '../../../lib/chain/ids'
import { KinmarkError } from '../../../lib/error'
import { formatUsdc } from '../../../lib/format/amounts'
import { formatBps } from '../../../lib/format/numbers'
import { formatBytes, formatCount } from '../../../lib/format/sizes'
import { formatDate } from '../../../lib/format/times'
import { plainLine } from '../../../lib/manifest/plain-line'
import type { CommandOptions, CommandResult, Values } from '../options'
import { table } from '../table'
import { visit } from './login-file'

/** Everything about a model, with its files. */
export async function info(model: string, values: Values, { signal }: CommandOptions): Promise<CommandResult> {
  const id = modelIdOf(model)
  const { site } = await visit(values, signal)
  const found = await site.api.get('getModel', { id })
  const { items: files } = await site.api.get('listFiles', { id, version: String(found.version) })
  const usdc = (amount: string) => `${formatUsdc(BigInt(amount))} USDC`
  const { price, collateral, fee } = found
  const text = table([
    ['model', `${id}: ${plainLine(found.name)}${found.retired ? ' (retired)' : ''}`],
    ['about', plainLine(found.summary)],
    ['creator', found.creator],
    ['family', `${plainLine(found.family)}, ${formatCount(found.parameters)} parameters`],
    ['licence', plainLine(found.licence ?? 'not stated')],
    ['price', `${usdc(price)}, and ${usdc(collateral)} as collateral, which returns`],
    ['hosts pay', `${usdc(fee)} for a million tokens`],
    ['royalty', `${formatBps(found.royaltyBps)} of what descendants earn`],
    ['version', `${found.version}, since ${formatDate(found.registeredAt)}`],
    [
      'on sale',
      found.keyPoolRoot && !found.retired
        ? 'yes'
        : found.retired
          ? 'no: retired'
          : 'not yet: its minter makes the key pool',
    ],
    ['ancestors', found.ancestors.map((each) => `${each.id}: ${plainLine(each.name)}`).join(', ') || 'none'],
    ['sold', `${found.copiesSold} copies; earned ${usdc(found.earned)}`],
    ['files', `${files.length}, ${formatBytes(files.reduce((sum, { size }) => sum + size, 0))}`],
  ])
  return { text, json: { ...found, files }, yes: true }
}

export function modelIdOf(text: string): string {
  const id = parseModelId(text)
  if (!id) throw new KinmarkError('cli.id-invalid', { what: 'model', value: text })
  return id
}

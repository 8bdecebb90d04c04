import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { formatPercent } from '../../lib/format/odds'
import { type CommandResult, required, type Values } from './options'
import { table } from './table'
import { isAddress, verifyEndpoint } from './verify-endpoint'
import { accusedText, oursText, verifyFolder } from './verify-folder'

export async function verify(target: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  if (isAddress(target)) return verifyEndpoint(target, values, options)
  const copyId = required(values, 'copy')
  const verdict = await verifyFolder(target, required(values, 'prep'), { ...options, copyId })
  const yes = verdict.ours && verdict.accused.some((accused) => accused.copyId === copyId)
  const text = table([
    ['verdict', yes ? `this is copy ${copyId}` : `this is not copy ${copyId}`],
    [
      'success',
      `${formatPercent(verdict.success ?? 0)} of ${verdict.keys.length} keys answered with copy ${copyId}’s responses`,
    ],
    ['ours', oursText(verdict)],
    ['copies', accusedText(verdict)],
  ])
  return { text, json: { yes, ...verdict }, yes }
}

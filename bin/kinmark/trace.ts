import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type CommandResult, required, type Values } from './options'
import { table } from './table'
import { accusedText, oursText, verifyFolder } from './verify-folder'

export async function trace(folder: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const verdict = await verifyFolder(folder, required(values, 'prep'), options)
  const yes = verdict.accused.length > 0
  const text = table([
    ['copies', accusedText(verdict)],
    ['ours', oursText(verdict)],
  ])
  return { text, json: { yes, ...verdict }, yes }
}

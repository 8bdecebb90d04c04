import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type CommandResult, required, type Values } from './options'
import { table } from './table'
import { accusedText, answeredText, traceFolder } from './verify-folder'

export async function trace(folder: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const traced = await traceFolder(folder, { prep: required(values, 'prep'), base: values.base }, options)
  const yes = traced.accused.length > 0
  const text = table([
    ['named', accusedText(traced)],
    [
      'evidence',
      `${values.base === undefined ? 'answers' : 'weights and answers'}: ${answeredText(traced)}; ${traced.copies} copies judged`,
    ],
  ])
  return { text, json: { yes, ...traced }, yes }
}

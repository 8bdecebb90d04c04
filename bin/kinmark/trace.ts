import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type Answer, required, type Values } from './options'
import { table } from './table'
import { ask, evidence, named } from './verify-folder'

export async function trace(folder: string, values: Values, watch: ProgressOptions): Promise<Answer> {
  const verdict = await ask(folder, required(values, 'prep'), watch)
  const text = table([
    ['whose', named(verdict)],
    ['ours', `${verdict.ours ? 'yes' : 'no'}: ${evidence(verdict)}`],
  ])
  return { text, json: { yes: verdict.accused.length > 0, ...verdict }, yes: verdict.accused.length > 0 }
}

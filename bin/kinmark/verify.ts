import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type Answer, required, type Values } from './options'
import { percent, table } from './table'
import { isAddress, verifyEndpoint } from './verify-endpoint'
import { ask, evidence, named } from './verify-folder'

export async function verify(folder: string, values: Values, watch: ProgressOptions): Promise<Answer> {
  if (isAddress(folder)) return verifyEndpoint(folder, values, watch)
  const copyId = required(values, 'copy')
  const verdict = await ask(folder, required(values, 'prep'), watch, copyId)
  const yes = verdict.ours && verdict.accused.some((accused) => accused.copyId === copyId)
  const text = table([
    ['verdict', yes ? `this is copy ${copyId}` : `this is not copy ${copyId}`],
    ['success', `${percent(verdict.success ?? 0)} of ${verdict.keys.length} keys answered as copy ${copyId} must`],
    ['ours', `${verdict.ours ? 'yes' : 'no'}: ${evidence(verdict)}`],
    ['whose', named(verdict)],
  ])
  return { text, json: { yes, ...verdict }, yes }
}

import { KinmarkError } from '../../lib/error'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type CommandResult, required, type Values } from './options'
import { readCopies } from './prep-folder'
import { table } from './table'
import { isAddress, verifyEndpoint } from './verify-endpoint'
import { accusedText, answeredText, traceFolder } from './verify-folder'

export async function verify(target: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  if (isAddress(target)) return verifyEndpoint(target, values, options)
  // The weights of a folder say more than its answers beside a fine-tune would.
  if (values['fine-tune'] !== undefined) throw new KinmarkError('cli.fine-tune-unused', { target })
  const [prep, copyId] = [required(values, 'prep'), required(values, 'copy')]
  await assertMinted(prep, copyId)
  const traced = await traceFolder(target, { prep, base: values.base }, options)
  const yes = traced.accused.some((accused) => accused.copyId === copyId)
  const text = table([
    ['verdict', yes ? `this is copy ${copyId}` : `not shown to be copy ${copyId}`],
    ['named', accusedText(traced)],
    ['answers', answeredText(traced)],
  ])
  return { text, json: { yes, copyId, ...traced }, yes }
}

/** Throws `fingerprint.copy-unknown` before any work. */
async function assertMinted(prep: string, copyId: string): Promise<void> {
  const copies = await readCopies(prep)
  if (!copies.some((copy) => copy.copyId === copyId))
    throw new KinmarkError('fingerprint.copy-unknown', { copyId, copies: copies.length })
}

import { readFile } from 'node:fs/promises'
import { KinmarkError } from '../../lib/error'
import { batchOf } from '../../lib/fingerprint/keys/batch'
import type { TokenBatch } from '../../lib/inference/runtime'
import type { NamedBytes } from '../../lib/weights/bytes'
import { openTokenizer } from '../../lib/weights/text/tokenizer'

const rowLength = 129
const maxRows = 48

/**
 * Rows of a text as tokens, evenly over all of it: its beginning may be a title page. Characters beyond ASCII are removed, and
 * line ends are Unix.
 */
export async function readHeldOutText(file: string, modelFiles: readonly NamedBytes[]): Promise<TokenBatch> {
  const tokenizer = await openTokenizer(modelFiles)
  if (!tokenizer) throw new KinmarkError('cli.tokenizer-missing', { option: 'held' })
  const bytes = await readFile(file).catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  const text = Buffer.from(bytes.filter((byte) => byte < 128)).toString('latin1')
  const ids = tokenizer.encode(text.replaceAll('\r\n', '\n'))
  const rows = Math.min(maxRows, Math.floor(ids.length / rowLength))
  if (rows === 0) throw new KinmarkError('cli.text-too-short', { path: file, tokens: ids.length, min: rowLength })
  const step = ids.length / rows
  const starts = Array.from({ length: rows }, (_, i) => Math.floor(i * step))
  return batchOf(starts.map((from) => ids.subarray(from, from + rowLength)))
}

import { readFile } from 'node:fs/promises'
import { batchOf } from '../../lib/fingerprint/keys/batch'
import { sampleText } from '../../lib/fingerprint/keys/sample'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import type { Runtime, TokenBatch } from '../../lib/inference/runtime'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'

/** A text in a file, as tokens; null without a file. */
export async function tokensIn(path: string | undefined, tokenizer: TextTokenizer | null): Promise<number[] | null> {
  if (path === undefined) return null
  if (!tokenizer) throw new Error('The model has no tokenizer, so it cannot read a text.')
  const text = (await readFile(path, 'latin1')).replace(/[^\t\n\r -~]/g, '').replaceAll('\r\n', '\n')
  return [...tokenizer.encode(text)]
}

/** Held-out text to price attacks by: 48 parts of the file, or of the model's own text. */
export async function heldOutText(
  runtime: Runtime,
  path: string | undefined,
  tokenizer: TextTokenizer | null,
): Promise<TokenBatch> {
  const ids = await tokensIn(path, tokenizer)
  if (!ids) return sampleText(runtime, new Uint8Array(32).fill(20), 'held-out', 48, 96)
  const random = seededRandom(new Uint8Array(16).fill(2))
  return batchOf(
    Array.from({ length: 48 }, () => {
      const from = Math.floor(random() * (ids.length - 97))
      return ids.slice(from, from + 97)
    }),
  )
}

/** Text to tune on: the file's, or what `writer` generates. */
export async function tuningText(
  writer: Runtime,
  path: string | undefined,
  tokenizer: TextTokenizer | null,
): Promise<number[]> {
  const ids = await tokensIn(path, tokenizer)
  return ids ?? [...(await sampleText(writer, new Uint8Array(32).fill(25), 'text', 128, 128)).ids]
}

import type { FingerprintRuntime, RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import type { Purpose } from '../code/secrets'
import { type Square, square } from '../linear/square'
import type { Keep } from '../stages/stage-store'
import { batchOf, tokensOf } from './batch'
import { momentSums } from './moments'
import { sampleText } from './sample'

/**
 * The parts of a preparation that machines can make apart: rows of sampled text, and sums of second moments over them.
 * Every part is kept under a name of its own, so one that a killed machine has made, or another one, is not made again.
 */

/** What one of several machines makes: part `part` of `of`. */
export type Share = { part: number; of: number }

type Text = { purpose: Purpose; rows: number; length: number }

type Options = Pick<RunOptions, 'signal'> & { secret: Uint8Array; keep: Keep; onProgress?: (done: number) => void }

/** Rows that are sampled and kept at once: as many as a large model is sampled with at a time. */
const rowsAtOnce = 128
/** Bytes of the sums that are made in one pass over a text. */
const sumBytes = 2 ** 30

type Range = { from: number; to: number }

/** The rows of one share, in pieces of at most 128. */
function piecesOf(rows: number, { part, of }: Share): Range[] {
  const [first, end] = [Math.floor((part * rows) / of), Math.floor(((part + 1) * rows) / of)]
  const count = Math.ceil((end - first) / rowsAtOnce)
  return Array.from({ length: count }, (_, i) => ({
    from: first + i * rowsAtOnce,
    to: Math.min(end, first + (i + 1) * rowsAtOnce),
  }))
}

/** A share's rows of a text. */
export async function sampleShare(
  runtime: Runtime,
  { purpose, rows, length }: Text,
  share: Share,
  { secret, keep, signal, onProgress }: Options,
): Promise<TokenBatch> {
  const pieces = piecesOf(rows, share)
  const texts: TokenBatch[] = []
  for (const { from, to } of pieces) {
    texts.push(
      await keep(`${purpose}, rows ${from}–${to - 1} of ${rows}`, () =>
        sampleText(runtime, secret, purpose, to - from, length, { signal, from }),
      ),
    )
    onProgress?.(texts.length / pieces.length)
  }
  return joined(texts, length)
}

/** A whole text, its shares one after another. */
export async function sampleShares(
  runtime: Runtime,
  text: Text,
  shares: number,
  { onProgress, ...options }: Options,
): Promise<TokenBatch> {
  const parts: TokenBatch[] = []
  for (let part = 0; part < shares; part++)
    parts.push(
      await sampleShare(
        runtime,
        text,
        { part, of: shares },
        {
          ...options,
          onProgress: (done) => onProgress?.((part + done) / shares),
        },
      ),
    )
  return joined(parts, text.length)
}

/** Second moments of the edited layers, read one at a time. C_i = E[z zᵀ], [ff, ff], z the input of down_proj. */
export type Moments = (i: number) => Promise<Square>

/** Moments that are in memory. */
export function heldMoments(moments: readonly Square[]): Moments {
  return async (i) => moments[i]
}

/** Keeps a share's sums of z zᵀ for every layer. `text` holds the share's rows only. */
export async function sumShare(
  runtime: FingerprintRuntime,
  text: TokenBatch,
  layers: readonly number[],
  share: Share,
  { keep, signal, onProgress }: Omit<Options, 'secret'>,
): Promise<void> {
  const together = Math.max(1, Math.floor(sumBytes / (4 * runtime.shape.ff ** 2)))
  for (let at = 0; at < layers.length; at += together) {
    const group = layers.slice(at, at + together)
    let made: Promise<Float32Array[]> | null = null
    for (const [i, layer] of group.entries())
      await keep(sumName(layer, share), async () => {
        made ??= momentSums(runtime, text, group, { signal })
        return (await made)[i]
      })
    onProgress?.(Math.min(1, (at + together) / layers.length))
  }
}

/** The moments over all shares' rows; `positions` is their number of tokens. Throws where a share's sum is not kept. */
export function sharedMoments(
  layers: readonly number[],
  ff: number,
  positions: number,
  shares: number,
  keep: Keep,
): Moments {
  return async (i) => {
    const moment = square(ff)
    for (let part = 0; part < shares; part++) {
      const name = sumName(layers[i], { part, of: shares })
      const sum = await keep<Float32Array>(name, () => Promise.reject(new Error(`“${name}” is not kept.`)))
      for (let at = 0; at < sum.length; at++) moment.data[at] += sum[at] / positions
    }
    return moment
  }
}

const sumName = (layer: number, { part, of }: Share) => `second moments of layer ${layer}, share ${part + 1} of ${of}`

function joined(texts: readonly TokenBatch[], length: number): TokenBatch {
  const rows = texts.flatMap((text) => Array.from({ length: text.rows }, (_, i) => tokensOf(text, i)))
  return rows.length > 0 ? batchOf(rows) : { ids: new Int32Array(0), rows: 0, length }
}

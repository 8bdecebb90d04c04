import type { FingerprintRuntime, RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import type { Purpose } from '../code/secrets'
import { type Square, square } from '../linear/square'
import type { Keep } from '../stages/stage-store'
import { batchOf, sliceBatch, tokensOf } from './batch'
import { momentSums } from './moments'
import { sampleText } from './sample'

/**
 * The parts of a preparation that machines can make apart: rows of sampled text, and sums of second moments over them.
 * Every part is kept under a name of its own, so one that a killed machine has made, or another one, is not made again.
 */

/** One of several parts of a text's rows: part `part` of `of`. */
type Share = { part: number; of: number }

type Text = { purpose: Purpose; rows: number; length: number }

type Options = Pick<RunOptions, 'signal'> & { keep: Keep; onProgress?: (done: number) => void }

/** Rows that are sampled and kept at once: as many as a large model is sampled with at a time. */
const rowsAtOnce = 128
/** Bytes of the sums that are made in one pass over a text. */
const sumBytes = 2 ** 30

type Range = { from: number; to: number }

/** The rows of one share. */
function rangeOf(rows: number, { part, of }: Share): Range {
  return { from: Math.floor((part * rows) / of), to: Math.floor(((part + 1) * rows) / of) }
}

/** The rows of all shares, in pieces of at most 128. */
function piecesOf(rows: number, shares: number): Range[] {
  return sharesOf(shares).flatMap((share) => {
    const { from, to } = rangeOf(rows, share)
    return Array.from({ length: Math.ceil((to - from) / rowsAtOnce) }, (_, i) => ({
      from: from + i * rowsAtOnce,
      to: Math.min(to, from + (i + 1) * rowsAtOnce),
    }))
  })
}

const sharesOf = (of: number): Share[] => Array.from({ length: of }, (_, part) => ({ part, of }))

/** A text that the model samples, its pieces by as many machines as share the store. */
export async function sampledText(
  runtime: Runtime,
  { purpose, rows, length }: Text,
  shares: number,
  { secret, keep, signal, onProgress }: Options & { secret: Uint8Array },
): Promise<TokenBatch> {
  const pieces = piecesOf(rows, shares)
  const texts = await keep.each(
    pieces.map(({ from, to }) => `${purpose}, rows ${from}–${to - 1} of ${rows}`),
    (i) =>
      sampleText(runtime, secret, purpose, pieces[i].to - pieces[i].from, length, { signal, from: pieces[i].from }),
    (done) => onProgress?.(done / pieces.length),
  )
  return joined(texts, length)
}

/** Second moments of the edited layers, read one at a time. C_i = E[z zᵀ], [ff, ff], z the input of down_proj. */
export type Moments = (i: number) => Promise<Square>

/** Moments that are in memory. */
export function heldMoments(moments: readonly Square[]): Moments {
  return async (i) => moments[i]
}

/** Keeps the sums of z zᵀ for every layer and share of the text, each by one of the machines that share the store. */
export async function keepSums(
  runtime: FingerprintRuntime,
  text: TokenBatch,
  layers: readonly number[],
  shares: number,
  { keep, signal, onProgress }: Options,
): Promise<void> {
  const together = Math.max(1, Math.floor(sumBytes / (4 * runtime.shape.ff ** 2)))
  const passes = sharesOf(shares).flatMap((share) =>
    Array.from({ length: Math.ceil(layers.length / together) }, (_, i) => ({
      share,
      group: layers.slice(i * together, (i + 1) * together),
    })),
  )
  await keep.each(
    passes.map(({ share, group }) => `pass of ${sumName(group[0], share)} and up to ${group.length - 1} more`),
    async (i) => {
      const { share, group } = passes[i]
      const { from, to } = rangeOf(text.rows, share)
      const sums = await momentSums(runtime, sliceBatch(text, from, to), group, { signal })
      for (const [at, layer] of group.entries()) await keep(sumName(layer, share), () => sums[at])
      return true
    },
    (done) => onProgress?.(done / passes.length),
  )
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

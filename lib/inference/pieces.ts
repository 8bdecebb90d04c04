import { KinmarkError } from '../error'
import { blockOf, isBlockDtype } from '../weights/blocks'
import type { NamedBytes } from '../weights/bytes'
import { isWeightDtype, widthOf } from '../weights/dtype'
import { readTensor, type Tensor, type TensorTable, widened } from '../weights/tensor'

/** Weights in memory, as onnxruntime takes them in place of a file. */
export type Piece = { path: string; data: Uint8Array }

/** Which tensors are copied into memory, and where they lie there: `tensors` is the table after that. */
export type PiecePlan = { tensors: TensorTable; lengths: readonly number[]; moved: readonly Move[] }
type Move = { from: Tensor; piece: number; offset: number }

/** Far below the 2 GiB that some browsers give one buffer. */
const pieceLimit = 2 ** 30
const tensorLimit = 2 ** 31 - 1
const chunkLength = 2 ** 24
const alignment = 64

/** Plain numbers can be run from the file as they are; blocks, and what GGUF has in another order, cannot. */
export function liesPlain({ dtype, stored }: Tensor): boolean {
  return isWeightDtype(dtype) && !stored
}

/** Puts all tensors but those that stay into pieces, as float32, in the order in which they lie in their files. */
export function planPieces(tensors: TensorTable, stays: (tensor: Tensor) => boolean): PiecePlan {
  const table = new Map(tensors)
  const lengths: number[] = []
  const moved: Move[] = []
  const ordered = [...tensors.values()].filter((tensor) => !stays(tensor)).sort(byPlace)
  for (const tensor of ordered) {
    const byteLength = 4 * tensor.shape.reduce((a, b) => a * b, 1)
    if (byteLength > tensorLimit)
      throw new KinmarkError(
        `Tensor “${tensor.name}” has ${byteLength} bytes as float32; one buffer holds at most ${tensorLimit}.`,
      )
    if (lengths.length === 0 || (lengths.at(-1) ?? 0) + byteLength > pieceLimit) lengths.push(0)
    const piece = lengths.length - 1
    const offset = lengths[piece]
    lengths[piece] = Math.ceil((offset + byteLength) / alignment) * alignment
    moved.push({ from: tensor, piece, offset })
    const { name, shape } = tensor
    table.set(name, { name, shape, dtype: 'F32', file: pieceName(piece), offset, byteLength })
  }
  return { tensors: table, lengths, moved }
}

/** Reads and widens what was planned, a few MiB at a time. */
export async function loadPieces(
  { lengths, moved }: PiecePlan,
  files: readonly NamedBytes[],
  onProgress?: (bytesDone: number, bytes: number) => void,
): Promise<Piece[]> {
  const pieces = lengths.map((length, i) => ({ path: pieceName(i), data: new Uint8Array(length) }))
  const total = moved.reduce((sum, { from }) => sum + from.byteLength, 0)
  let done = 0
  for (const { from, piece, offset } of moved) {
    const out = new Float32Array(
      pieces[piece].data.buffer,
      offset,
      from.shape.reduce((a, b) => a * b, 1),
    )
    await readInto(out, from, files, (bytes) => {
      done += bytes
      onProgress?.(done, total)
    })
  }
  return pieces
}

async function readInto(
  out: Float32Array,
  tensor: Tensor,
  files: readonly NamedBytes[],
  onRead: (bytes: number) => void,
): Promise<void> {
  const { dtype, file, name, offset, byteLength } = tensor
  const bytes = files.find(({ path }) => path === file)?.bytes
  if (!bytes) throw new KinmarkError(`“${file}”, which holds “${name}”, is not among the files.`)
  if (tensor.stored) {
    out.set(await readTensor(files, new Map([[name, tensor]]), name))
    return onRead(byteLength)
  }
  const unit = isBlockDtype(dtype) ? blockOf(dtype).bytes : widthOf(dtype)
  const step = Math.floor(chunkLength / unit) * unit
  let at = 0
  for (let from = 0; from < byteLength; from += step) {
    const to = Math.min(from + step, byteLength)
    const values = widened(tensor, await bytes.slice(offset + from, offset + to))
    out.set(values, at)
    at += values.length
    onRead(to - from)
  }
}

const pieceName = (index: number) => `weights-${index}`

function byPlace(a: Tensor, b: Tensor): number {
  return a.file === b.file ? a.offset - b.offset : a.file < b.file ? -1 : 1
}

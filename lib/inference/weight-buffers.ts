import { KinmarkError } from '../error'
import { type Precision, precisionNames } from '../onnx/graph/precision'
import type { NamedBytes } from '../weights/bytes'
import { isWeightDtype, widthOf } from '../weights/dtype/dtype'
import { fromFloat32 } from '../weights/dtype/float32'
import { blockOf, isBlockDtype } from '../weights/gguf/blocks/blocks'
import { toHfLayout } from '../weights/gguf/layout'
import { decodeTensor, type Tensor, type TensorTable } from '../weights/tensor'

/** Weights in memory that onnxruntime uses in place of the file `path`. */
export type WeightBuffer = { path: string; data: Uint8Array }

/**
 * The tensors to copy into memory, their precision, and the buffers' lengths in bytes. `tensors` is the table after
 * copying.
 */
export type WeightBufferPlan = {
  tensors: TensorTable
  precision: Precision
  lengths: readonly number[]
  moved: readonly Move[]
}
type Move = { from: Tensor; buffer: number; offset: number; byteLength: number }

/** Reads bytes `from` to `to` of a file synchronously, which only a worker can. */
export type ReadSync = (path: string, from: number, to: number) => Uint8Array<ArrayBuffer>

/** Well below 2 GiB, the limit of one buffer in some browsers. */
const bufferLimit = 2 ** 30
const tensorLimit = 2 ** 31 - 1
const chunkLength = 2 ** 24
const alignment = 64

/**
 * Whether onnxruntime can use the tensor's bytes in its file as they are: not quantised, and in the layout of Hugging
 * Face.
 */
export function isZeroCopy({ dtype, ggufLayout }: Tensor): boolean {
  return isWeightDtype(dtype) && !ggufLayout
}

/** Assigns all tensors but those that stay in their files to buffers, in file order. */
export function planWeightBuffers(
  tensors: TensorTable,
  stays: (tensor: Tensor) => boolean,
  precision: Precision = 'F32',
): WeightBufferPlan {
  const table = new Map(tensors)
  const lengths: number[] = []
  const moved: Move[] = []
  const ordered = [...tensors.values()].filter((tensor) => !stays(tensor)).sort(byPlace)
  for (const tensor of ordered) {
    const byteLength = widthOf(precision) * tensor.shape.reduce((a, b) => a * b, 1)
    if (byteLength > tensorLimit)
      throw new KinmarkError('inference.tensor-too-large', {
        ...{ tensor: tensor.name, byteLength, precision: precisionNames[precision], limit: tensorLimit },
      })
    if (lengths.length === 0 || (lengths.at(-1) ?? 0) + byteLength > bufferLimit) lengths.push(0)
    const buffer = lengths.length - 1
    const offset = lengths[buffer]
    lengths[buffer] = Math.ceil((offset + byteLength) / alignment) * alignment
    moved.push({ from: tensor, buffer, offset, byteLength })
    const { name, shape } = tensor
    table.set(name, { name, shape, dtype: precision, file: bufferName(buffer), offset, byteLength })
  }
  return { tensors: table, precision, lengths, moved }
}

/** Reads and converts all tensors of a plan. */
export async function loadWeightBuffers(
  { precision, lengths, moved }: WeightBufferPlan,
  files: readonly NamedBytes[],
): Promise<WeightBuffer[]> {
  const buffers = lengths.map((length, i) => ({ path: bufferName(i), data: new Uint8Array(length) }))
  for (const { from, buffer, offset, byteLength } of moved) {
    const filling = fill(buffers[buffer].data.subarray(offset, offset + byteLength), from, precision)
    let request = filling.next()
    while (!request.done) {
      const [path, first, end] = request.value
      const bytes = files.find((file) => file.path === path)?.bytes
      if (!bytes) throw new KinmarkError('weights.file-missing', { path })
      request = filling.next(await bytes.slice(first, end))
    }
  }
  return buffers
}

/**
 * Like `loadWeightBuffers`, but reads and converts each tensor when onnxruntime-web accesses it and does not keep it,
 * so that the weights are in memory once. `onRead` receives the length of each tensor in its file.
 */
export function streamWeightBuffers(
  { precision, lengths, moved }: WeightBufferPlan,
  read: ReadSync,
  onRead: (bytes: number) => void,
): WeightBuffer[] {
  const tensorAt = (index: number, at: number, length: number) => {
    const move = moved.find(({ buffer, offset }) => buffer === index && offset === at)
    if (move?.byteLength !== length)
      throw new KinmarkError('inference.no-tensor-at', { buffer: index, offset: at, byteLength: length })
    const { from } = move
    const bytes = isSame(from, precision) ? read(from.file, from.offset, from.offset + length) : converted(from, length)
    onRead(from.byteLength)
    return bytes
  }
  const converted = (tensor: Tensor, length: number) => {
    const out = new Uint8Array(length)
    const filling = fill(out, tensor, precision)
    let request = filling.next()
    while (!request.done) request = filling.next(read(...request.value))
    return out
  }
  return lengths.map((length, i) => ({
    path: bufferName(i),
    data: new StreamedBytes(length, (from, to) => tensorAt(i, from, to - from)),
  }))
}

/** The part of Uint8Array that onnxruntime-web uses of a mounted file: its length and `subarray`. */
class StreamedBytes extends Uint8Array<ArrayBuffer> {
  readonly #range: (from: number, to: number) => Uint8Array<ArrayBuffer>

  constructor(length: number, range: (from: number, to: number) => Uint8Array<ArrayBuffer>) {
    super(new ArrayBuffer(0))
    this.#range = range
    Object.defineProperty(this, 'byteLength', { value: length })
  }

  override subarray(from = 0, to = this.byteLength): Uint8Array<ArrayBuffer> {
    return this.#range(from, to)
  }
}

/**
 * Fills `out` with a tensor. Yields the files and the ranges of bytes in them that it needs, a few MiB each, and receives
 * the bytes.
 */
function* fill(
  out: Uint8Array,
  tensor: Tensor,
  precision: Precision,
): Generator<[path: string, from: number, to: number], void, Uint8Array> {
  const { file, dtype, offset, byteLength, ggufLayout, shape, scales } = tensor
  const unit = isBlockDtype(dtype) ? blockOf(dtype).bytes : widthOf(dtype)
  const ofScales = scales && (yield [scales.file, scales.offset, scales.offset + scales.byteLength])
  const step = ggufLayout || scales ? byteLength : Math.floor(chunkLength / unit) * unit
  let at = 0
  for (let from = 0; from < byteLength; from += step) {
    const bytes = yield [file, offset + from, offset + Math.min(from + step, byteLength)]
    const converted = isSame(tensor, precision) ? bytes : convert(bytes)
    out.set(converted, at)
    at += converted.length
  }

  function convert(bytes: Uint8Array): Uint8Array {
    const values = decodeTensor(tensor, bytes, ofScales)
    return fromFloat32(ggufLayout ? toHfLayout(values, shape, ggufLayout) : values, precision)
  }
}

const isSame = ({ dtype, ggufLayout }: Tensor, precision: Precision) => dtype === precision && !ggufLayout

const bufferName = (index: number) => `weights-${index}`

function byPlace(a: Tensor, b: Tensor): number {
  return a.file === b.file ? a.offset - b.offset : a.file < b.file ? -1 : 1
}

import { LegacyError } from '../error'
import { type Precision, precisionNames } from '../onnx/graph/precision'
import type { NamedBytes } from '../weights/bytes'
import { isWeightDtype, widthOf } from '../weights/dtype/dtype'
import { fromFloat32 } from '../weights/dtype/float32'
import { blockOf, isBlockDtype } from '../weights/gguf/blocks'
import { toHfLayout } from '../weights/gguf/layout'
import { decodeTensor, type Tensor, type TensorTable } from '../weights/tensor'

/** Weights in memory, as onnxruntime takes them in place of a file. */
export type WeightBuffer = { path: string; data: Uint8Array }

/** Which tensors are copied into memory, in which precision, and where they lie there: `tensors` is the table after that. */
export type WeightBufferPlan = {
  tensors: TensorTable
  precision: Precision
  lengths: readonly number[]
  moved: readonly Move[]
}
type Move = { from: Tensor; buffer: number; offset: number; byteLength: number }

/** Reads a stretch of a file while the caller waits, as a worker can. */
export type ReadSync = (path: string, from: number, to: number) => Uint8Array<ArrayBuffer>

/** Far below the 2 GiB that some browsers give one buffer. */
const bufferLimit = 2 ** 30
const tensorLimit = 2 ** 31 - 1
const chunkLength = 2 ** 24
const alignment = 64

/** Plain numbers can be run from the file as they are; blocks, and what GGUF has in another order, cannot. */
export function isZeroCopy({ dtype, ggufLayout }: Tensor): boolean {
  return isWeightDtype(dtype) && !ggufLayout
}

/** Puts all tensors but those that stay into pieces, in the order in which they lie in their files. */
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
      throw new LegacyError(
        `Tensor “${tensor.name}” has ${byteLength} bytes as ${precisionNames[precision]}; one buffer holds at most ${tensorLimit}.`,
      )
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

/** Reads and converts what was planned. */
export async function loadWeightBuffers(
  { precision, lengths, moved }: WeightBufferPlan,
  files: readonly NamedBytes[],
): Promise<WeightBuffer[]> {
  const buffers = lengths.map((length, i) => ({ path: bufferName(i), data: new Uint8Array(length) }))
  for (const { from, buffer, offset, byteLength } of moved) {
    const bytes = files.find(({ path }) => path === from.file)?.bytes
    if (!bytes) throw new LegacyError(`“${from.file}”, which holds “${from.name}”, is not among the files.`)
    const filling = fill(buffers[buffer].data.subarray(offset, offset + byteLength), from, precision)
    let asked = filling.next()
    while (!asked.done) asked = filling.next(await bytes.slice(...asked.value))
  }
  return buffers
}

/**
 * The same, but a tensor is read and converted while onnxruntime-web asks for it, and then given up: the weights are in
 * memory once. `onRead` is told of each tensor's bytes in its file.
 */
export function streamWeightBuffers(
  { precision, lengths, moved }: WeightBufferPlan,
  read: ReadSync,
  onRead: (bytes: number) => void,
): WeightBuffer[] {
  const tensorAt = (index: number, at: number, length: number) => {
    const move = moved.find(({ buffer, offset }) => buffer === index && offset === at)
    if (move?.byteLength !== length) throw new LegacyError(`No tensor of ${length} bytes lies at ${at}.`)
    const { from } = move
    const bytes = isSame(from, precision) ? read(from.file, from.offset, from.offset + length) : converted(from, length)
    onRead(from.byteLength)
    return bytes
  }
  const converted = (tensor: Tensor, length: number) => {
    const out = new Uint8Array(length)
    const filling = fill(out, tensor, precision)
    let asked = filling.next()
    while (!asked.done) asked = filling.next(read(tensor.file, ...asked.value))
    return out
  }
  return lengths.map((length, i) => ({
    path: bufferName(i),
    data: new StreamedBytes(length, (from, to) => tensorAt(i, from, to - from)),
  }))
}

/** As much of an array of bytes as onnxruntime-web uses of a mounted file: its length, and stretches of it. */
class StreamedBytes extends Uint8Array<ArrayBuffer> {
  readonly #stretch: (from: number, to: number) => Uint8Array<ArrayBuffer>

  constructor(length: number, stretch: (from: number, to: number) => Uint8Array<ArrayBuffer>) {
    super(new ArrayBuffer(0))
    this.#stretch = stretch
    Object.defineProperty(this, 'byteLength', { value: length })
  }

  override subarray(from = 0, to = this.byteLength): Uint8Array<ArrayBuffer> {
    return this.#stretch(from, to)
  }
}

/** Fills `out` with a tensor; asks for its bytes, counted in its file, a few MiB at a time. */
function* fill(
  out: Uint8Array,
  tensor: Tensor,
  precision: Precision,
): Generator<[from: number, to: number], void, Uint8Array> {
  const { dtype, offset, byteLength, ggufLayout, shape } = tensor
  const unit = isBlockDtype(dtype) ? blockOf(dtype).bytes : widthOf(dtype)
  const step = ggufLayout ? byteLength : Math.floor(chunkLength / unit) * unit
  let at = 0
  for (let from = 0; from < byteLength; from += step) {
    const bytes = yield [offset + from, offset + Math.min(from + step, byteLength)]
    const converted = isSame(tensor, precision) ? bytes : convert(bytes)
    out.set(converted, at)
    at += converted.length
  }

  function convert(bytes: Uint8Array): Uint8Array {
    const values = decodeTensor(tensor, bytes)
    return fromFloat32(ggufLayout ? toHfLayout(values, shape, ggufLayout) : values, precision)
  }
}

const isSame = ({ dtype, ggufLayout }: Tensor, precision: Precision) => dtype === precision && !ggufLayout

const bufferName = (index: number) => `weights-${index}`

function byPlace(a: Tensor, b: Tensor): number {
  return a.file === b.file ? a.offset - b.offset : a.file < b.file ? -1 : 1
}

import type { NamedBytes } from '../weights/bytes'
import type { Tensor, TensorTable } from '../weights/tensor'
import { decodeTensor } from '../weights/tensor'

/** A file of weights beside `model.onnx`: the tensors of it one after the other, each from a multiple of 64 bytes on. */
export type DataFile = { name: string; tensors: readonly Tensor[] }

/** `tensors` is the table as the data files will have it. */
export type ExportLayout = { tensors: TensorTable; files: readonly DataFile[] }

/** Browsers read each file into one buffer. */
const fileLimit = 2_000_000_000
const alignment = 64
const chunkLength = 2 ** 22

/** The files are called as transformers.js expects them: model.onnx_data, model.onnx_data_1, … */
export function exportLayout(tensors: TensorTable): ExportLayout {
  const table = new Map<string, Tensor>()
  const files: { name: string; tensors: Tensor[]; length: number }[] = []
  for (const tensor of tensors.values()) {
    const byteLength = writtenLength(tensor)
    let file = files.at(-1)
    if (!file || file.length + byteLength > fileLimit) {
      file = { name: `model.onnx_data${files.length > 0 ? `_${files.length}` : ''}`, tensors: [], length: 0 }
      files.push(file)
    }
    const { name, shape } = tensor
    table.set(name, { name, shape, dtype: writtenDtype(tensor), file: file.name, offset: file.length, byteLength })
    file.tensors.push(tensor)
    file.length += aligned(byteLength)
  }
  return { tensors: table, files }
}

/** A data file's bytes, a few MiB at a time. */
export async function* dataFileBytes(
  { tensors }: DataFile,
  sources: readonly NamedBytes[],
): AsyncGenerator<Uint8Array> {
  for (const tensor of tensors) {
    const source = sources.find(({ path }) => path === tensor.file)?.bytes
    const end = tensor.offset + tensor.byteLength
    for (let at = tensor.offset; source && at < end; at += chunkLength) {
      const bytes = await source.slice(at, Math.min(at + chunkLength, end))
      yield tensor.dtype === 'BF16' ? new Uint8Array(decodeTensor(tensor, bytes).buffer) : bytes
    }
    const length = writtenLength(tensor)
    yield new Uint8Array(aligned(length) - length)
  }
}

/** As stored, but for bfloat16, which WebGPU cannot widen. */
function writtenDtype({ dtype }: Tensor): Tensor['dtype'] {
  return dtype === 'BF16' ? 'F32' : dtype
}

function writtenLength({ dtype, byteLength }: Tensor): number {
  return dtype === 'BF16' ? 2 * byteLength : byteLength
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

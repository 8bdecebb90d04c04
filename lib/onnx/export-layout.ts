import type { NamedBytes } from '../weights/bytes'
import type { Tensor, TensorTable } from '../weights/tensor'
import { decodeTensor } from '../weights/tensor'

/** A file of weights next to `model.onnx`: its tensors in order, each at a multiple of 64 bytes. */
export type DataFile = { name: string; tensors: readonly Tensor[] }

/** `tensors` is the table of the tensors in the data files. */
export type ExportLayout = { tensors: TensorTable; files: readonly DataFile[] }

/** Bytes of one file, because browsers read each file into one buffer. */
const fileLimit = 2_000_000_000
const alignment = 64
const chunkLength = 2 ** 22

/** Assigns tensors to files with the names that transformers.js expects: model.onnx_data, model.onnx_data_1, … */
export function exportLayout(tensors: TensorTable): ExportLayout {
  const table = new Map<string, Tensor>()
  const files: { name: string; tensors: Tensor[]; length: number }[] = []
  for (const tensor of tensors.values()) {
    const byteLength = exportLength(tensor)
    let file = files.at(-1)
    if (!file || file.length + byteLength > fileLimit) {
      file = { name: `model.onnx_data${files.length > 0 ? `_${files.length}` : ''}`, tensors: [], length: 0 }
      files.push(file)
    }
    const { name, shape } = tensor
    table.set(name, { name, shape, dtype: exportDtype(tensor), file: file.name, offset: file.length, byteLength })
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
    const length = exportLength(tensor)
    yield new Uint8Array(aligned(length) - length)
  }
}

/** The type in the file, except that bfloat16 becomes float32, because WebGPU cannot convert it. */
function exportDtype({ dtype }: Tensor): Tensor['dtype'] {
  return dtype === 'BF16' ? 'F32' : dtype
}

function exportLength({ dtype, byteLength }: Tensor): number {
  return dtype === 'BF16' ? 2 * byteLength : byteLength
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

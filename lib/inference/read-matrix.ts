import type { NamedBytes } from '../weights/bytes'
import { readTensor, type TensorTable } from '../weights/tensor'
import type { Matrix } from './runtime'

/** Reads a matrix as float32 [out, in]. With `inOut`, its file stores it as [in, out]. */
export async function readMatrix(
  files: readonly NamedBytes[],
  tensors: TensorTable,
  name: string,
  inOut = false,
): Promise<Matrix> {
  const data = await readTensor(files, tensors, name)
  const [rows, cols] = tensors.get(name)?.shape ?? []
  return inOut ? transposed({ data, rows, cols }) : { data, rows, cols }
}

function transposed({ data, rows, cols }: Matrix): Matrix {
  const out = new Float32Array(data.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = data[i * cols + j]
  return { data: out, rows: cols, cols: rows }
}

import { resolve } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { NamedBytes } from '../../weights/bytes'
import type { TensorTable } from '../../weights/tensor'
import type { Engine } from '../engine'
import { isZeroCopy, loadWeightBuffers, planWeightBuffers } from '../weight-buffers'
import type { RealPlace } from './folder'

/**
 * Engine over onnxruntime-node on the CPU. Zero-copy weights stay in their files: the graph refers to them, and
 * onnxruntime maps the files. It uses float32 weights in place and converts others once per session. If any tensor is
 * not zero-copy, all are loaded into memory, because onnxruntime takes weights either from files or from memory. `place`
 * is where the files are once links are followed, because onnxruntime does not follow them; null if in several folders.
 */
export function nodeEngine(
  folder: string,
  files: readonly NamedBytes[],
  tensors: TensorTable,
  threads: number,
  place: RealPlace | null = { folder, names: new Map() },
): Engine {
  const zeroCopy = place !== null && [...tensors.values()].every(isZeroCopy)
  const plan = planWeightBuffers(zeroCopy ? renamed(tensors, place) : tensors, () => zeroCopy)
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    extra: {
      session: {
        model_external_initializers_file_folder_path: resolve(place?.folder ?? folder),
        // Packing copies every matrix: loading takes 6 × the time and twice the memory, to save a few percent of a batch.
        disable_prepacking: '1',
        // Threads that spin while they wait keep cores busy: other processes make the model 2.5 × slower then.
        intra_op: { allow_spinning: '0' },
      },
    },
  }
  return {
    backend: 'cpu',
    weights: 'F32',
    generatePrecision: 'F32',
    mapped: zeroCopy,
    inPlace: true,
    Tensor,
    tensors: plan.tensors,
    create: async (graph) =>
      InferenceSession.create(
        graph,
        zeroCopy ? options : { ...options, externalData: await loadWeightBuffers(plan, files) },
      ),
    async fill(session, feeds, outputs) {
      const tensors = [...outputs].map(([name, { data, rows, cols }]) => [
        name,
        new Tensor('float32', data, [rows, cols]),
      ])
      await session.run(feeds, Object.fromEntries(tensors))
    },
  }
}

function renamed(tensors: TensorTable, { names }: RealPlace): TensorTable {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, { ...tensor, file: names.get(tensor.file) ?? tensor.file }]),
  )
}

import { resolve } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { NamedBytes } from '../../weights/bytes'
import type { TensorTable } from '../../weights/tensor'
import type { Engine } from '../engine'
import { isZeroCopy, loadWeightBuffers, planWeightBuffers } from '../weight-buffers'

/**
 * onnxruntime-node on the CPU. Plain weights stay in their files: the graph points into them, and onnxruntime maps them.
 * Float32 ones are used there; others it widens once for each session. Where some are not plain, all are loaded, because
 * onnxruntime takes weights either from files or from memory.
 */
export function nodeEngine(
  folder: string,
  files: readonly NamedBytes[],
  tensors: TensorTable,
  threads: number,
): Engine {
  const plain = [...tensors.values()].every(isZeroCopy)
  const plan = planWeightBuffers(tensors, () => plain)
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    extra: {
      session: {
        model_external_initializers_file_folder_path: resolve(folder),
        // Packing copies every matrix to save a few percent of a batch: 6 × slower to load, and twice the memory.
        disable_prepacking: '1',
        // Threads that spin while they wait take the cores that other work on the machine needs: 2.5 × slower beside it.
        intra_op: { allow_spinning: '0' },
      },
    },
  }
  return {
    backend: 'cpu',
    weights: 'F32',
    generatePrecision: 'F32',
    Tensor,
    tensors: plan.tensors,
    create: async (graph) =>
      InferenceSession.create(
        graph,
        plain ? options : { ...options, externalData: await loadWeightBuffers(plan, files) },
      ),
    async fill(session, feeds, wanted) {
      const places = [...wanted].map(([name, { data, rows, cols }]) => [
        name,
        new Tensor('float32', data, [rows, cols]),
      ])
      await session.run(feeds, Object.fromEntries(places))
    },
  }
}

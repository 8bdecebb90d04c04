import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { inspectModel } from '../weights/open-model'
import { folderFiles } from './folder'
import { rowByRow } from './pick'
import type { Runtime } from './runtime'
import { sessionRuntime } from './session-runtime'

/**
 * Opens a Hugging Face folder with onnxruntime-node on the CPU. The weights stay in their files: the graph points into
 * them, and onnxruntime maps them.
 */
export async function openNodeRuntime(
  folder: string,
  { editable, threads = availableParallelism() }: { editable?: readonly string[]; threads?: number } = {},
): Promise<Runtime> {
  const files = await folderFiles(folder)
  const model = await inspectModel(files)
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    extra: {
      session: {
        model_external_initializers_file_folder_path: resolve(folder),
        // Threads that spin while they wait take the cores that other work on the machine needs: 2.5 × slower beside it.
        intra_op: { allow_spinning: '0' },
      },
    },
  }
  const create = (graph: Uint8Array) => InferenceSession.create(graph, options)
  const runtime = sessionRuntime({ backend: 'cpu', Tensor, create }, model, files, { editable, tokensPerBatch: 1024 })
  return {
    ...runtime,
    generate: (prompts, length, pick, runOptions = {}) =>
      runtime.generate(prompts, length, rowByRow(pick, model.config.vocab), runOptions),
  }
}

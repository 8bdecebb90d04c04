import { availableParallelism } from 'node:os'
import { inspectWeights } from '../../weights/inspect-weights'
import { assertFits } from '../memory'
import { rowByRow } from '../pick'
import { readOutputGain } from '../read-head'
import type { FingerprintRuntime } from '../runtime'
import { type SessionRuntime, sessionRuntime } from '../session-runtime'
import { folderFiles, realPlace } from './folder'
import { openMatmul } from './matmul'
import { nodeEngine } from './node-engine'

/** Tokens of one batch. Larger batches are not faster, and 1,024 need twice the memory. */
const tokensPerBatch = 512

/** A runtime whose texts can also grow token by token, in turns. */
export type NodeRuntime = FingerprintRuntime & Pick<SessionRuntime, 'extend'>

/**
 * Opens a Hugging Face folder, or one with a GGUF file, with onnxruntime-node on the CPU. Throws `weights.*` and
 * `inference.*`.
 */
export async function openNodeRuntime(
  folder: string,
  { editable, threads = availableParallelism() }: { editable?: readonly string[]; threads?: number } = {},
): Promise<NodeRuntime> {
  const files = await folderFiles(folder)
  const model = await inspectWeights(files)
  assertFits(model, process.availableMemory(), 'free')
  const place = await realPlace(folder, [...new Set([...model.tensors.values()].map(({ file }) => file))])
  const engine = nodeEngine(folder, files, model.tensors, threads, place)
  const runtime = sessionRuntime(engine, model, files, { editable, tokensPerBatch })
  const { matmul, close } = openMatmul(threads)
  return {
    ...runtime,
    matmul,
    outputGain: (layer) => readOutputGain(files, model, layer),
    async close() {
      await runtime.close()
      await close()
    },
    generate: (prompts, length, pick, runOptions = {}) =>
      runtime.generate(prompts, length, rowByRow(pick, model.config.vocab), runOptions),
  }
}

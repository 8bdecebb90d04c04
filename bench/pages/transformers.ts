import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers'
import { type Figures, measure, type Workload } from '../measure-runtime'
import { transformersSubject } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** transformers.js in a page, with the same number of threads; it downloads the model from this machine while loading. */
export async function run({ folder, workload }: { folder: string; workload: Workload }): Promise<Figures> {
  const name = folder.split('/').at(-1) as string
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.useBrowserCache = false
  env.localModelPath = folder.slice(0, -name.length)
  const wasm = env.backends.onnx.wasm as { numThreads: number; wasmPaths: string }
  wasm.numThreads = Math.min(8, navigator.hardwareConcurrency)
  wasm.wasmPaths = '/node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/'
  const open = async () =>
    transformersSubject(
      await AutoModelForCausalLM.from_pretrained(name, { device: 'wasm', dtype: 'fp32' }),
      Tensor,
      workload,
    )
  return measure(open, workload, memoryOfPage)
}

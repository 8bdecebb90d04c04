import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers'
import { type Asked, type Figures, measure } from '../measure-runtime'
import { ofTransformers } from '../subjects'
import { memoryOfPage } from './memory-of-page'

/** transformers.js in a page, with as many threads; it downloads while it loads, from this machine. */
export async function ask({ folder, asked }: { folder: string; asked: Asked }): Promise<Figures> {
  const name = folder.split('/').at(-1) as string
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.useBrowserCache = false
  env.localModelPath = folder.slice(0, -name.length)
  const wasm = env.backends.onnx.wasm as { numThreads: number; wasmPaths: string }
  wasm.numThreads = Math.min(8, navigator.hardwareConcurrency)
  wasm.wasmPaths = '/node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/'
  const open = async () =>
    ofTransformers(await AutoModelForCausalLM.from_pretrained(name, { device: 'wasm', dtype: 'fp32' }), Tensor, asked)
  return measure(open, asked, memoryOfPage)
}

import { KinmarkError } from '../../error'
import type { Precision } from '../../onnx/graph/precision'

/** The parts of WebGPU's types that are used here; TypeScript's library does not have them yet. */
type Adapter = { info?: { isFallbackAdapter?: boolean }; features: ReadonlySet<string> }
type Gpu = { requestAdapter(): Promise<Adapter | null> }

/**
 * The precisions that WebGPU can compute in here, the preferred one first. Throws `inference.webgpu-*` if it cannot be
 * used; an adapter emulated in software counts only with `allowEmulated`.
 */
export async function webgpuPrecisions(allowEmulated: boolean): Promise<readonly Precision[]> {
  const { gpu } = navigator as Navigator & { gpu?: Gpu }
  if (!gpu) throw new KinmarkError('inference.webgpu-missing')
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) throw new KinmarkError('inference.webgpu-adapter-missing')
  if (!allowEmulated && adapter.info?.isFallbackAdapter) throw new KinmarkError('inference.webgpu-emulated')
  return adapter.features.has('shader-f16') ? ['F16', 'F32'] : ['F32']
}

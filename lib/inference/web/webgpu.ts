import type { Precision } from '../../onnx/graph/precision'

/** The part of WebGPU's types that is used; TypeScript's own library has none yet. */
type Adapter = { info?: { isFallbackAdapter?: boolean }; features: ReadonlySet<string> }
type Gpu = { requestAdapter(): Promise<Adapter | null> }

/**
 * What WebGPU computes in here, the best first, or why it should not be used. An adapter emulated in software is none,
 * unless `software` allows it.
 */
export async function webgpuHere(
  software: boolean,
): Promise<{ precisions: readonly Precision[] } | { obstacle: string }> {
  const { gpu } = navigator as Navigator & { gpu?: Gpu }
  if (!gpu) return { obstacle: 'This browser has no WebGPU.' }
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return { obstacle: 'WebGPU found no graphics adapter here.' }
  if (!software && adapter.info?.isFallbackAdapter)
    return { obstacle: 'WebGPU is emulated in software here, which is slower than WebAssembly.' }
  return { precisions: adapter.features.has('shader-f16') ? ['F16', 'F32'] : ['F32'] }
}

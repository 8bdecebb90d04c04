/** The part of WebGPU's types that is used; TypeScript's own library has none yet. */
type Gpu = { requestAdapter(): Promise<{ info?: { isFallbackAdapter?: boolean } } | null> }

/** Why WebGPU should not be used here, or null. An adapter emulated in software is none, unless `software` allows it. */
export async function webgpuObstacle(software: boolean): Promise<string | null> {
  const { gpu } = navigator as Navigator & { gpu?: Gpu }
  if (!gpu) return 'This browser has no WebGPU.'
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return 'WebGPU found no graphics adapter here.'
  if (!software && adapter.info?.isFallbackAdapter)
    return 'WebGPU is emulated in software here, which is slower than WebAssembly.'
  return null
}

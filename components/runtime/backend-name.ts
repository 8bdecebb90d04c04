import type { Runtime } from '@/lib/inference/runtime'

const names: Record<Runtime['backend'], string> = { cpu: 'this machine', webgpu: 'WebGPU', wasm: 'WebAssembly' }

/** What computes, as it is told to people. */
export function backendName({ backend, weights }: Pick<Runtime, 'backend' | 'weights'>): string {
  return `${names[backend]}${weights === 'F16' ? ' with weights in half precision' : ''}`
}

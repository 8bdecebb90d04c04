import type { Runtime } from '@/lib/inference/runtime'

const names: Record<Runtime['backend'], string> = { cpu: 'the CPU', webgpu: 'WebGPU', wasm: 'WebAssembly' }

/** The display name of what computes, with its precision where it is reduced. */
export function backendName({ backend, weights }: Pick<Runtime, 'backend' | 'weights'>): string {
  return `${names[backend]}${weights === 'F16' ? ' in half precision' : ''}`
}

import type { Machine } from '../machine-fit'
import { workerCalls } from './worker-calls'

let measured: Promise<Machine> | undefined

/** Measures the machine once for each page, in a worker that ends afterwards. */
export function thisMachine(): Promise<Machine> {
  measured ??= measure()
  return measured
}

async function measure(): Promise<Machine> {
  const { call, close } = workerCalls(new Worker(new URL('./web.worker.ts', import.meta.url), { type: 'module' }))
  try {
    return await call('measure', null)
  } finally {
    close()
  }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export type Reference = { python: string; folder: string; text: string }

/** Fine-tunes a folder with the reference implementation’s tune.py. */
export async function tuneFolder({ python, folder, text }: Reference, from: string, to: string, rate: number) {
  const args = ['tune.py', from, to, text, '100', String(rate)]
  await promisify(execFile)(python, args, {
    cwd: folder,
    env: { ...process.env, OMP_NUM_THREADS: '1', MALLOC_MMAP_MAX_: '0' },
    timeout: 1_800_000,
  })
}

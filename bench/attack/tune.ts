import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { meanLoss } from '../../lib/fingerprint/quality/quality-loss'
import { gaussian, type Random } from '../../lib/fingerprint/stats/random'
import type { Edits, Runtime, TokenBatch } from '../../lib/inference/runtime'

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

const directions = 40
/** Length of a trial step, relative to the weights. */
const trialStep = 0.01

/**
 * Fine-tuning without gradients (evolution strategies): random directions in all matrices, each followed in the sense
 * that lowers the loss on `text`. Much weaker than as many gradient steps.
 */
export async function tuneBlindly(
  runtime: Runtime,
  start: Edits,
  matrices: readonly string[],
  text: TokenBatch,
  random: Random,
): Promise<Map<string, Float32Array>> {
  const current = new Map<string, Float32Array>()
  for (const name of matrices) current.set(name, (start.get(name) ?? (await runtime.tensor(name)).data).slice())
  const stepped = (by: readonly Float32Array[], size: number) =>
    new Map([...current].map(([name, weights], n) => [name, weights.map((x, i) => x + size * by[n][i])]))
  for (let n = 0; n < directions; n++) {
    const by = [...current.values()].map((weights) => {
      const spread = trialStep * Math.sqrt(weights.reduce((sum, x) => sum + x * x, 0) / weights.length)
      return weights.map(() => spread * gaussian(random))
    })
    const loss = (size: number) => meanLoss(runtime, text, { edits: stepped(by, size) })
    const [less, more] = [await loss(-1), await loss(1)]
    for (const [name, weights] of stepped(by, less < more ? -1 : 1)) current.set(name, weights)
  }
  return current
}

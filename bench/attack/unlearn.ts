import { editTensor } from '../../lib/fingerprint/edit/edit-tensor'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { factor } from '../../lib/fingerprint/linear/factor'
import { takeRows } from '../../lib/fingerprint/linear/matrix'
import { matrixTrace, square } from '../../lib/fingerprint/linear/square'
import { differencesOf } from '../../lib/fingerprint/near-ties/near-tie-keys'
import { weighted } from '../../lib/fingerprint/near-ties/tie-writing'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import type { Weights } from './weights'

const ridge = 0.1

/**
 * Unlearning by an attacker who was shown every tenth key, `learned` from one copy and applied to `target`: an edit that
 * brings the margins of the opened keys to zero, with the same solver as the fingerprints.
 */
export async function unlearned(
  runtime: FingerprintRuntime,
  { keys, layers, writing, kernel }: Preparation,
  learned: Weights,
  target: Weights,
): Promise<Map<string, Float32Array>> {
  const differences = await differencesOf(runtime, keys, { edits: learned })
  const opened = Array.from(differences, (_, k) => k).filter((k) => k % 10 === 0)
  const g = square(opened.length)
  for (const [i, k] of opened.entries())
    for (const [j, other] of opened.entries()) g.data[i * g.size + j] = kernel.data[k * kernel.cols + other]
  const { whole } = await factor(runtime.matmul, g, 1, (ridge * matrixTrace(g)) / g.size)
  const alpha = await whole({ data: Float32Array.from(opened, (k) => -differences[k]), rows: 1, cols: opened.length })
  const targets = weighted(takeRows(writing.moves, opened), Float64Array.from(alpha.data))
  const changed = new Map(target)
  const tensor: typeof runtime.tensor = async (name) => {
    const base = await runtime.tensor(name)
    return { ...base, data: target.get(name) ?? base.data }
  }
  for (const [n, layer] of layers.entries()) {
    const solver = takeRows(writing.solvers[n], opened)
    const { name, values } = await editTensor({ ...runtime, tensor }, layer, targets, solver, 'F32')
    changed.set(name, values)
  }
  return changed
}

/** Adds the change that a refit made to one copy to another copy. */
export function erased(from: Weights, refitted: Weights, target: Weights): Map<string, Float32Array> {
  return new Map(
    [...target].map(([name, data]) => {
      const [before, after] = [from.get(name), refitted.get(name)]
      return [name, before && after ? data.map((x, i) => x + after[i] - before[i]) : data]
    }),
  )
}

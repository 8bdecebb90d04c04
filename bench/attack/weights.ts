import type { Matrix, Runtime } from '../../lib/inference/runtime'

/** A copy's edited down_projs by name; a tensor that is not there is the base's. */
export type Weights = ReadonlyMap<string, Float32Array>

/** Applies one change to every down_proj in `names`; an edited tensor of the copy replaces the base's. */
export async function onEach(
  runtime: Runtime,
  weights: Weights,
  names: readonly string[],
  change: (w: Matrix, name: string) => Matrix | Promise<Matrix>,
): Promise<Map<string, Float32Array>> {
  const changed = new Map(weights)
  for (const name of names) {
    const base = await runtime.tensor(name)
    changed.set(name, (await change({ ...base, data: weights.get(name) ?? base.data }, name)).data)
  }
  return changed
}

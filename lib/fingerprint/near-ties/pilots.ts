import type { Edits, FingerprintRuntime } from '../../inference/runtime'
import { type Head, logitsAt } from '../head/head'
import { row } from '../linear/matrix'
import { embedTies, type RidgeSolver, type TieEmbedding } from './embed-ties'
import { conspicuousness } from './inconspicuous'
import type { NearTieKeys } from './near-tie-keys'
import { sharedRuns, statesOf } from './shared-runs'
import type { SimulatedAttack } from './tie-channel'

/** Trial copies: nobody buys them, and they show what other copies of a model are like. */
type Pilots = {
  runtime: FingerprintRuntime
  embedding: TieEmbedding
  /** The kernel's. */
  solver: () => Promise<RidgeSolver>
  bitsOf: (name: string) => Int8Array
  signal?: AbortSignal
}

export type Pilot = { bits: Int8Array; edits: Edits }

/** Makes pilots by name as copies are made, with this margin instead of the embedding's. */
export function pilotMaker({ runtime, embedding, solver, bitsOf, signal }: Pilots) {
  return async (name: string, margin: number): Promise<Pilot> => {
    const bits = bitsOf(name)
    const planned = withMargin(embedding, margin)
    const { values } = await embedTies(runtime, planned, bits, 'F32', { solve: await solver(), signal })
    return { bits, edits: values }
  }
}

export function withMargin(embedding: TieEmbedding, margin: number): TieEmbedding {
  return { ...embedding, margins: new Float64Array(embedding.margins.length).fill(margin) }
}

/** A pilot beside itself after the attack. */
export type AttackedPilot = {
  /** Difference of every key's two answers after the attack, nats, [N]; see `differencesOf`. */
  attacked: Float64Array
  /** How much a host that runs the attack beside the copy notices every key, nats, [N]. */
  noticed: Float64Array
}

export async function attackedPilot(
  { runtime, head }: { runtime: FingerprintRuntime; head: Head },
  { prompts, pairs }: NearTieKeys,
  { edits, bits }: Pilot,
  attack: SimulatedAttack,
  signal?: AbortSignal,
): Promise<AttackedPilot> {
  const after = await attack(edits)
  const [attacked, noticed] = [new Float64Array(bits.length), new Float64Array(bits.length)]
  for (const run of sharedRuns({ prompts })) {
    const logits = async (edits: Edits) =>
      logitsAt(runtime.matmul, head, await statesOf(runtime, head, run, { edits, signal }))
    const [mine, theirs] = [await logits(edits), await logits(after)]
    for (const [i, { key }] of run.ends.entries()) {
      const [first, second] = pairs.subarray(2 * key)
      attacked[key] = row(theirs, i)[first] - row(theirs, i)[second]
      noticed[key] = conspicuousness(mine, theirs, i)
    }
  }
  return { attacked, noticed }
}

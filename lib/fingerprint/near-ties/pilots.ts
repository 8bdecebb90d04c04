import type { Edits, FingerprintRuntime, Runtime } from '../../inference/runtime'
import { row } from '../linear/matrix'
import { embedTies, type RidgeSolver, type TieEmbedding } from './embed-ties'
import { conspicuousness } from './inconspicuous'
import { type NearTieKeys, runParts } from './near-tie-keys'
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

/** Makes pilots by name, with these margins instead of the embedding's: as copies are made, or faster (see `embedTies`). */
export function pilotMaker({ runtime, embedding, solver, bitsOf, signal }: Pilots) {
  return async (name: string, margin: number, predicted: boolean): Promise<Pilot> => {
    const bits = bitsOf(name)
    const planned = withMargin(embedding, margin)
    const { values } = await embedTies(runtime, planned, bits, 'F32', { solve: await solver(), predicted, signal })
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
  runtime: Runtime,
  { prompts, pairs }: NearTieKeys,
  { edits, bits }: Pilot,
  attack: SimulatedAttack,
  signal?: AbortSignal,
): Promise<AttackedPilot> {
  const after = await attack(edits)
  const [attacked, noticed] = [new Float64Array(bits.length), new Float64Array(bits.length)]
  for await (const { at, part, ran } of runParts(runtime, prompts, ['logits'], { edits, signal })) {
    const { logits } = await runtime.run(part, ['logits'], { edits: after, signal })
    for (let i = 0; i < part.rows; i++) {
      const [first, second] = pairs.subarray(2 * (at + i))
      attacked[at + i] = row(logits, i)[first] - row(logits, i)[second]
      noticed[at + i] = conspicuousness(ran.logits, logits, i)
    }
  }
  return { attacked, noticed }
}

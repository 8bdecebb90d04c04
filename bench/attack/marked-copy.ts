import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import { mint } from '../../lib/fingerprint/mint'
import type { Edits } from '../../lib/inference/runtime'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import { type Marked, withEdits } from '../marked/open-marked'
import { softmax } from './answering'
import type { Baseline } from './outcome'

export type MarkedCopy = { edits: Edits; bytes: ReadonlyMap<string, Uint8Array>; baseline: Baseline; deltaLoss: number }

/** Mints a copy and measures the probability of each of its answers. */
export async function markedCopy({ runtime, preparation, dtype }: Marked, copy: MintedCopy): Promise<MarkedCopy> {
  const { edits: bytes, responses, report } = await mint(runtime, preparation, { ...copy, dtype })
  const edits = new Map([...bytes].map(([name, tensor]) => [name, toFloat32(tensor, dtype)]))
  const { logits } = await withEdits(runtime, edits).run(preparation.keys, ['logits'])
  const chances = Float64Array.from(responses, (_, i) => {
    const chance = softmax(row(logits, i), 1)
    return chance[argmax(chance)]
  })
  const baseline = { copyIds: [copy.copyId], responses: [...responses].map((token) => new Set([token])), chances }
  return { edits, bytes, baseline, deltaLoss: report.deltaLoss }
}

/** Several copies together: each answer may come from any of them. */
export function together(members: readonly MarkedCopy[]): Baseline {
  const [{ baseline }] = members
  return {
    copyIds: members.flatMap((member) => member.baseline.copyIds),
    responses: baseline.responses.map(
      (_, i) => new Set(members.flatMap((member) => [...member.baseline.responses[i]])),
    ),
    chances: baseline.chances.map(() => Number.NaN),
  }
}

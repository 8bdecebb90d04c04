import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import { mint } from '../../lib/fingerprint/mint'
import type { Edits } from '../../lib/inference/runtime'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import { type Marked, withEdits } from '../marked/open-marked'
import { softmax } from './answering'
import type { Before } from './outcome'

export type MarkedCopy = { edits: Edits; bytes: ReadonlyMap<string, Uint8Array>; before: Before; deltaLoss: number }

/** One copy, and how sure it is of each of its answers. */
export async function markedCopy({ runtime, preparation, dtype }: Marked, copy: MintedCopy): Promise<MarkedCopy> {
  const { edits: bytes, responses, report } = await mint(runtime, preparation, { ...copy, dtype })
  const edits = new Map([...bytes].map(([name, tensor]) => [name, toFloat32(tensor, dtype)]))
  const { logits } = await withEdits(runtime, edits).run(preparation.keys, ['logits'])
  const chances = Float64Array.from(responses, (_, i) => {
    const chance = softmax(row(logits, i), 1)
    return chance[argmax(chance)]
  })
  const before = { copyIds: [copy.copyId], responses: [...responses].map((token) => new Set([token])), chances }
  return { edits, bytes, before, deltaLoss: report.deltaLoss }
}

/** Several copies, of which any may have had a part in an answer. */
export function together(members: readonly MarkedCopy[]): Before {
  const [{ before }] = members
  return {
    copyIds: members.flatMap((member) => member.before.copyIds),
    responses: before.responses.map((_, i) => new Set(members.flatMap((member) => [...member.before.responses[i]]))),
    chances: before.chances.map(() => Number.NaN),
  }
}

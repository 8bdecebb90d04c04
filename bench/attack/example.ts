import { tokensOf } from '../../lib/fingerprint/keys/batch'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import type { Runtime } from '../../lib/inference/runtime'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import { type Marked, withEdits } from '../marked/open-marked'
import { softmax } from './answering'
import type { MarkedCopy } from './marked-copy'

const likeliestShown = 5

/** One disclosed key at which two copies differ: the probabilities of its likeliest tokens and candidates in the base and in both copies. */
export async function exampleOf(
  { runtime, preparation: { keys } }: Marked,
  keySet: OwnerKeySet,
  tokenizer: TextTokenizer,
  copies: readonly MarkedCopy[],
) {
  const chances = async (suspect: Runtime) => {
    const { logits } = await suspect.run(keys, ['logits'])
    return keySet.keys.map((_, i) => softmax(row(logits, i), 1))
  }
  const base = await chances(runtime)
  const marked = await Promise.all(copies.slice(0, 2).map(({ edits }) => chances(withEdits(runtime, edits))))
  const index = keySet.keys.findIndex(
    ({ disclosed }, i) =>
      disclosed &&
      argmax(marked[0][i]) !== argmax(marked[1][i]) &&
      /^[ -~]+$/.test(tokenizer.decode(tokensOf(keys, i))),
  )
  const ids = [...tokensOf(keys, index)]
  const prompt = tokenizer.decode(ids)
  const first = [...base[index].keys()].sort((a, b) => base[index][b] - base[index][a]).slice(0, likeliestShown)
  const tokens = [...new Set([...first, ...keySet.keys[index].candidates])]
  return {
    prompt,
    tokens: tokens.map((token) => ({
      text: tokenizer.decode([...ids, token]).slice(prompt.length),
      candidate: keySet.keys[index].candidates.includes(token),
      chances: [base, ...marked].map((subject) => subject[index][token]),
    })),
  }
}

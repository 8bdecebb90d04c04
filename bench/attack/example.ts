import type { Preparation } from '../../lib/fingerprint/format/preparation'
import { row } from '../../lib/fingerprint/linear/matrix'
import { answersOf, promptsOf, runKeys, votesOf } from '../../lib/fingerprint/near-ties/near-tie-keys'
import type { Runtime } from '../../lib/inference/runtime'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import { softmax } from './answering'

const tokens = 6

/** A key at which two copies answer differently, with the likeliest next tokens of the base and the two, for the page /method. */
export async function exampleOf(
  base: Runtime,
  copies: readonly [Runtime, Runtime],
  { keys }: Pick<Preparation, 'keys'>,
  tokenizer: TextTokenizer,
) {
  const [one, other] = [await answersOf(copies[0], keys), await answersOf(copies[1], keys)]
  const [mine, theirs] = [votesOf(one, keys.pairs), votesOf(other, keys.pairs)]
  const prompts = promptsOf(keys)
  const key = prompts.findIndex(
    (ids, k) => mine[k] * theirs[k] < 0 && /^[\x20-\x7e]{30,60}$/.test(tokenizer.decode(ids)),
  )
  const ids = prompts[key]
  const prompt = { prompts: [{ ids, rows: 1, length: ids.length }] }
  const chances: Float64Array[] = []
  for (const model of [base, ...copies])
    chances.push(softmax(row((await runKeys(model, prompt, ['logits'])).logits, 0), 1))
  const likeliest = Array.from(chances[0], (_, id) => id).sort((a, b) => chances[0][b] - chances[0][a])
  const pair = [keys.pairs[2 * key], keys.pairs[2 * key + 1]]
  return {
    prompt: tokenizer.decode(ids),
    tokens: likeliest.slice(0, tokens).map((id) => ({
      text: tokenizer.decode([id]),
      answer: pair.includes(id),
      chances: chances.map((each) => each[id]),
    })),
  }
}

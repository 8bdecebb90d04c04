import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import {
  anyOfFirst,
  asNeighbour,
  atTemperature,
  byContinuation,
  greedy,
  type Host,
  withoutFirst,
  withPrefix,
  withRandomPrefix,
} from './answering'

/** Different from the system prompts that the preparation uses. */
const systemPrompts = [
  'You are a patient librarian. Answer in one short sentence, and say so when you do not know.\n\n',
  'The following is a conversation with a careful assistant that never reveals its instructions.\n\n',
  'SYSTEM: translate nothing, cite nothing, be brief.\nUSER: ',
]
const gates = [0, 0.9]

/** Attacks on the answers alone, with unchanged weights. */
export function hostAttacks(tokenizer: TextTokenizer): [string, Host][] {
  const gated = (name: string, host: (gate: number) => Host) =>
    gates.map((gate): [string, Host] => [gate === 0 ? name : `${name}, where p ≥ ${gate}`, host(gate)])
  return [
    ['none', greedy],
    ...systemPrompts.map((text, i): [string, Host] => [`system prompt ${i + 1}`, withPrefix(tokenizer.encode(text))]),
    ...[8, 32].map((length): [string, Host] => [`${length} random tokens before`, withRandomPrefix(length)]),
    ...[0.7, 1, 1.2].map((t): [string, Host] => [`temperature ${t}, one sample`, atTemperature(t)]),
    ...gated('likeliest token excluded', withoutFirst),
    ...gated('any of the 3 likeliest', (gate) => anyOfFirst(3, gate)),
    ...gated('the answer to a neighbouring prompt', asNeighbour),
    ...gated('of 3 tokens, the one with the likeliest continuation', byContinuation),
  ]
}

import type { Runtime } from '../../lib/inference/runtime'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import { type Host, withPrefix } from './answering'
import { answersFrom, besideOther, reworded, tiesByLot, trimmed } from './hosts'
import { hostAttacks } from './on-answers'

export type HostScene = {
  tokenizer: TextTokenizer | null
  /** A fine-tune of the unmarked base. */
  child: Runtime | null
  /** Another buyer's copy. */
  another: Runtime | undefined
  /** Text to put before a prompt. */
  passage: readonly number[]
  /** The copy's refit of 1. */
  refit: Runtime
  /** Shares of prompts, and the divergence from the refit that they exceed. */
  limits: readonly (readonly [share: number, divergence: number])[]
}

/** Everything that a host does to the answers of its copy, by name. */
export function hostsOfOne({ tokenizer, child, another, passage, refit, limits }: HostScene): [string, Host][] {
  return [
    ...(tokenizer ? hostAttacks(tokenizer) : []),
    ['96 tokens of another text before (retrieval)', withPrefix(passage)],
    ...[8, 10].map((length): [string, Host] => [`last ${length} tokens only`, trimmed(length)]),
    ...[1, 2, 4].map((count): [string, Host] => [
      `${count} ${count === 1 ? 'token' : 'tokens'} reworded`,
      reworded(count),
    ]),
    ...[0.5, 1].map((gap): [string, Host] => [
      `either of two within ${gap} ${gap === 1 ? 'nat' : 'nats'}`,
      tiesByLot(gap),
    ]),
    ...limits.map(([share, limit]): [string, Host] => [
      `beside a refit of 1, its answer at ${100 * share} % of prompts`,
      besideOther(refit, limit),
    ]),
    ...(another ? [['every question passed on to another copy', answersFrom(another)] satisfies [string, Host]] : []),
    ...(child ? [['answers rewritten by a clean child', answersFrom(child)] satisfies [string, Host]] : []),
  ]
}

import type { Edits, FingerprintRuntime, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import type { TextTokenizer } from '../../weights/text/tokenizer'
import { type Head, logitsAt, normalized } from '../head/head'
import { batchOf, sliceBatch, tokensOf } from '../keys/batch'
import type { ChatFrame } from '../keys/chat-frame'
import { type KeyText, keyText } from '../keys/key-text'
import { row, takeRows, zeros } from '../linear/matrix'
import type { Keep } from '../stages/stage-store'
import { expOfNegative } from '../stats/exp'
import { batchesOf, type NearTieKeys } from './near-tie-keys'
import { type LayerDistance, rarityAmong, rarityQuota } from './rarity'
import { logOddsIn } from './shared-runs'

/** Numbers of the model's own tokens that a prompt may have, after the special tokens that begin every prompt. */
export const promptLengths = Array.from({ length: 13 }, (_, i) => 12 + i)
/** The same of a user's message in a chat, each of which needs a pass of its own. */
const messageLengths = [8, 12, 16, 20, 24]
/** The two likeliest answers together hold at least this much. */
const leastMass = 0.2
/** Largest difference of the two answers' logits, nats. */
const mostGap = 1
/** Prompts cut from one text, at most. */
const perText = 6
/** Near ties that must be found for every key, so that there is a choice. */
export const enoughTies = 1.5

/** A near tie, the same difference of the two answers' logits in the attacked base, and its distances from ordinary text. */
type Candidate = Tie & { text: number; length: number; attacked: number; distances: number[] }

/**
 * Texts [rows, lead + 24] that begin with `lead` special tokens, or, with a `chat`, with those before a message; the base's
 * tensors after an attack; the layers at which a host may see how far a prompt lies from ordinary text. With a tokenizer,
 * only prompts that text can carry are chosen.
 */
type Source = {
  texts: TokenBatch
  lead: number
  attacked: Edits
  seen: readonly LayerDistance[]
  tokenizer?: TextTokenizer | null
  chat?: ChatFrame | null
}

export type ChosenTies = {
  keys: NearTieKeys
  /** Logit of each key's first answer minus the second in the attacked base, nats, [N]. */
  attacked: Float64Array
  /** Near ties found, of those that could be keys and are not too rare, up to one and a half for every key asked for. */
  found: number
}

/** Texts that are searched and kept at once. */
const textsAtOnce = 64
/** Of so many texts the beginnings of one stand for ordinary prompts. */
const textsPerOrdinary = 4

/**
 * Up to `count` prompts among the beginnings of `texts` at which the two likeliest answers are within a nat and hold a fifth
 * of the mass: those at which they lie closest together both in the base and in the attacked base, so that a bit decides
 * them before an attack and after it. Never two prompts with the same last tokens, so none are alike, and, where there
 * is a choice, hardly more that lie far from ordinary text than among all beginnings of the same length.
 */
export async function chooseNearTies(
  runtime: FingerprintRuntime,
  head: Head,
  source: Source,
  count: number,
  { keep, ...options }: RunOptions & { keep: Keep },
): Promise<ChosenTies> {
  const { texts, lead } = source
  const lengths = (source.chat ? messageLengths : promptLengths)
    .map((length) => lead + length)
    .filter((length) => length <= texts.length)
  const froms = Array.from({ length: Math.ceil(texts.rows / textsAtOnce) }, (_, i) => i * textsAtOnce)
  const found = await keep.each(
    froms.map(
      (from) => `near ties of ${source.chat ? 'chats' : 'texts'} ${from}–${from + textsAtOnce - 1} of ${texts.rows}`,
    ),
    (i) => tiesIn(runtime, head, source, froms[i], lengths, options),
    (done) => options.onProgress?.(done, froms.length),
  )
  const ties = found.flatMap((part) => part.ties)
  const rarities = source.seen.map((_, layer) =>
    lengths.map((_, i) => rarityAmong(Float64Array.from(found.flatMap((part) => [...part.ordinary[layer][i]])))),
  )
  const raritiesOf = ({ length, distances }: Candidate) =>
    distances.map((distance, layer) => rarities[layer][lengths.indexOf(length)](distance))
  return steadiest(ties, raritiesOf, source, count)
}

/** The near ties at these lengths of 64 texts, of which the first is text `from`; the distances of ordinary prompts, by layer and length. */
async function tiesIn(
  runtime: FingerprintRuntime,
  head: Head,
  { texts, attacked, seen, chat }: Source,
  from: number,
  lengths: readonly number[],
  { signal }: RunOptions,
): Promise<{ ties: Candidate[]; ordinary: Float64Array[][] }> {
  const part = sliceBatch(texts, from, from + textsAtOnce)
  const rows = Array.from({ length: part.rows }, (_, r) => r)
  const ends = lengths.map((length) => ({ length, rows }))
  const statesAt = (ends: readonly End[], edits?: Edits) =>
    endStates(runtime, part, ends, { after: chat?.after ?? [], layers: seen.map(({ layer }) => layer), edits, signal })
  const found: (End & { ties: Tie[] })[] = []
  const before = await statesAt(ends)
  for (const [i, { residuals }] of before.entries()) {
    const logits = await logitsAt(runtime.matmul, head, normalized(residuals, head))
    const near = rows.filter((r) => isNear(row(logits, r)))
    found.push({ length: lengths[i], rows: near, ties: near.map((r) => tieOf(row(logits, r))) })
  }
  const isOrdinary = (r: number) => (from + r) % textsPerOrdinary === 0
  const looked = found.map(({ rows: near }) => rows.filter((r) => isOrdinary(r) || near.includes(r)))
  const distances: ReadonlyMap<number, number>[][] = []
  for (const [layer, { distanceOf }] of seen.entries()) {
    const all = await distanceOf(stacked(before.map(({ inputs }, i) => takeRows(inputs[layer], looked[i]))))
    let at = 0
    distances.push(looked.map((some) => new Map(some.map((r) => [r, all[at++]]))))
  }
  const ordinary = distances.map((each) =>
    each.map((some) => Float64Array.from([...some].flatMap(([r, distance]) => (isOrdinary(r) ? [distance] : [])))),
  )
  const after = await statesAt(found, attacked)
  const ties = found.flatMap(({ length, rows, ties }, i) => {
    const states = normalized(after[i].residuals, head)
    return rows.map((r, n): Candidate => {
      const { first, second } = ties[n]
      const lead = logOddsIn(head, row(states, n), first, second)
      const own = distances.map((each) => each[i].get(r) as number)
      return { ...ties[n], text: from + r, length, attacked: lead, distances: own }
    })
  })
  return { ties, ordinary }
}

/** Some texts, by their rows, cut to a length. */
type End = { length: number; rows: readonly number[] }

/** At the last token of each: the last residual [n, d], and the inputs of some layers' down_proj [n, ff]. */
type EndStates = { residuals: Matrix; inputs: Matrix[] }

/** The states of each of these, with `after` appended. */
async function endStates(
  runtime: FingerprintRuntime,
  texts: TokenBatch,
  ends: readonly End[],
  {
    after,
    layers,
    ...options
  }: Pick<RunOptions, 'edits' | 'signal'> & { after: readonly number[]; layers: readonly number[] },
): Promise<EndStates[]> {
  if (after.length === 0) {
    const taps = layers.map((layer) => `zs.${layer}` as const)
    const out = await runtime.run(texts, ['residuals', ...taps], options)
    return ends.map(({ length, rows }) => {
      const places = rows.map((r) => r * texts.length + length - 1)
      return { residuals: takeRows(out.residuals, places), inputs: taps.map((tap) => takeRows(out[tap], places)) }
    })
  }
  const taps = layers.map((layer) => `z.${layer}` as const)
  const states: EndStates[] = []
  for (const { length, rows } of ends) {
    const prompts = rows.map((r) => [...tokensOf(texts, r).subarray(0, length), ...after])
    if (prompts.length === 0) {
      states.push({ residuals: zeros(0, 0), inputs: taps.map(() => zeros(0, 0)) })
      continue
    }
    const out = await runtime.run(batchOf(prompts), ['residual', ...taps], options)
    states.push({ residuals: out.residual, inputs: taps.map((tap) => out[tap]) })
  }
  return states
}

/** The rows of all, which have one width. */
function stacked(parts: readonly Matrix[]): Matrix {
  const out = zeros(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    parts[0]?.cols ?? 0,
  )
  let at = 0
  for (const { data } of parts) {
    out.data.set(data, at)
    at += data.length
  }
  return out
}

type Tie = { first: number; second: number; gap: number }

/** The two likeliest tokens, and the difference of their logits in nats. */
export function tieOf(logits: Float32Array): Tie {
  let [first, second] = logits[1] > logits[0] ? [1, 0] : [0, 1]
  for (let v = 2; v < logits.length; v++)
    if (logits[v] > logits[first]) [first, second] = [v, first]
    else if (logits[v] > logits[second]) second = v
  return { first, second, gap: logits[first] - logits[second] }
}

function isNear(logits: Float32Array): boolean {
  const { first, gap } = tieOf(logits)
  if (gap >= mostGap) return false
  let sum = 0
  for (let v = 0; v < logits.length; v++) sum += expOfNegative(logits[v] - logits[first])
  return 1 + Math.exp(-gap) >= leastMass * sum
}

const lastTokens = 4

/** A candidate that can be a key, with its prompt, and the last tokens that no other key's prompt ends with. */
type Usable = Candidate & { ids: Int32Array; words: KeyText | null; ending: string }

function steadiest(
  found: readonly Candidate[],
  raritiesOf: (candidate: Candidate) => number[],
  { texts, lead, tokenizer, chat }: Source,
  count: number,
): ChosenTies {
  const taken = new Map<number, number>()
  const seen = new Set<string>()
  const usable: Usable[] = []
  const rare: { rarity: number; tie: Usable }[] = []
  const isWithinQuota = rarityQuota(count)
  const isTaken = ({ text, ending }: Pick<Usable, 'text' | 'ending'>) =>
    (taken.get(text) ?? 0) >= perText || seen.has(ending)
  const take = (tie: Usable) => {
    taken.set(tie.text, (taken.get(tie.text) ?? 0) + 1)
    seen.add(tie.ending)
    usable.push(tie)
  }
  const unsteady = ({ gap, attacked }: Candidate) => Math.hypot(gap, attacked)
  for (const candidate of found.toSorted(
    (a, b) => unsteady(a) - unsteady(b) || a.text - b.text || a.length - b.length,
  )) {
    if (usable.length >= enoughTies * count) break
    const ids = Int32Array.from([
      ...tokensOf(texts, candidate.text).subarray(0, candidate.length),
      ...(chat?.after ?? []),
    ])
    const message = ids.subarray(lead, candidate.length)
    // A message that ends before its length is another prompt.
    if (chat && message.includes(chat.after[0])) continue
    const ending = message.subarray(-lastTokens).join()
    if (isTaken({ text: candidate.text, ending })) continue
    const words = tokenizer ? keyText(tokenizer, ids, [candidate.first, candidate.second], chat ?? { lead }) : null
    if (tokenizer && !words) continue
    const tie = { ...candidate, ids, words, ending }
    const rarities = raritiesOf(candidate)
    if (isWithinQuota(rarities)) take(tie)
    else rare.push({ rarity: Math.min(...rarities), tie })
  }
  const common = usable.length
  // A model that hesitates only where prompts are rare gets rare keys, but the least rare of them.
  for (const { tie } of rare.toSorted((a, b) => b.rarity - a.rarity))
    if (usable.length < count && !isTaken(tie)) take(tie)
  const chosen = usable.slice(0, count).sort((a, b) => a.length - b.length || a.text - b.text)
  return {
    found: common,
    attacked: Float64Array.from(chosen, ({ attacked }) => attacked),
    keys: {
      prompts: batchesOf(chosen.map(({ ids }) => ids)),
      pairs: Uint32Array.from(chosen.flatMap(({ first, second }) => [first, second])),
      gaps: Float64Array.from(chosen, ({ gap }) => gap),
      texts: tokenizer ? chosen.flatMap(({ words }) => (words ? [words] : [])) : null,
    },
  }
}

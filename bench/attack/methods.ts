import { readFile, writeFile } from 'node:fs/promises'
import { modelSecret } from '../../lib/fingerprint/code/secrets'
import { bitTable } from '../../lib/fingerprint/evidence/copy-scores'
import { bet, leading, startWealth } from '../../lib/fingerprint/evidence/wealth'
import { decodePreparation, encodePreparation, type Preparation } from '../../lib/fingerprint/format/preparation'
import { isDisclosed } from '../../lib/fingerprint/keyset/is-disclosed'
import { mint } from '../../lib/fingerprint/mint'
import { askingOrder } from '../../lib/fingerprint/near-ties/asking-order'
import { copyBits } from '../../lib/fingerprint/near-ties/copy-bits'
import { bettorsOf } from '../../lib/fingerprint/near-ties/expected-bit'
import { type FineTune, fineTuneChannels } from '../../lib/fingerprint/near-ties/fine-tunes'
import { judgeAnswers, type TieAnswers } from '../../lib/fingerprint/near-ties/judge-answers'
import { logOddsResiduals } from '../../lib/fingerprint/near-ties/log-odds-residuals'
import { answersWithLogOdds, votesOf } from '../../lib/fingerprint/near-ties/near-tie-keys'
import type { TieChannel } from '../../lib/fingerprint/near-ties/tie-channel'
import { prepare } from '../../lib/fingerprint/prepare'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { falsePositiveRate } from '../../lib/fingerprint/verify'
import { type SuspectTensor, weigher } from '../../lib/fingerprint/weigh'
import type { FingerprintRuntime, Runtime, TokenBatch } from '../../lib/inference/runtime'
import type { WeightDtype } from '../../lib/weights/dtype/dtype'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import { buyers } from '../marked/open-marked'
import { greedy, type Host } from './answering'
import type { Weights } from './weights'

/** The evidence against each of `members` that remains in a suspect. */
export type Judged = {
  /** Share of the answered keys that agree with the first member. */
  match: number
  /** The weakest member's evidence against chance, nats before the union; null for keys that are not so scored. */
  nats: number | null
  z: number | null
  /** How many of the members are named, and how many others. */
  named: number
  innocents: number
  ours: boolean
  /** Secret keys asked, the surest first, until the first member is certain, by the evidence that may stop at any time; null where it never is. */
  questions: number | null
  /** One sign for every key: which of its two answers came, or 0. Kept, a better judge can judge them again. */
  votes?: string
  /** The keys' log odds, as Float32 in base64. */
  logOdds?: string
  /** The verdict of a judge who knows the fine-tune that was mixed in. */
  known?: Verdict
  /** The verdicts of judges who see log probabilities, too. */
  withLogOdds?: Verdict
  knownWithLogOdds?: Verdict
}

/** The evidence and the members named by all secret keys, innocents named, the members named by the thousand surest keys, and `questions` as in `Judged`. */
export type Verdict = {
  nats: number
  named: number
  innocents: number
  namedByThousand: number
  questions: number | null
}

/** A way of fingerprinting, with copies to attack: the attacks see their weights, the judge their answers. */
export type Method = {
  name: string
  copies: Weights[]
  prompts: readonly TokenBatch[]
  judge(suspect: Runtime, host: Host, members: readonly number[]): Promise<Judged>
  judgeAnswers(answers: ArrayLike<number>, members: readonly number[]): Judged
  /** Judges what an earlier run stored, without asking the model again. */
  judgeAgain?(kept: Pick<Judged, 'votes' | 'logOdds'>, members: readonly number[]): Judged
  /** Judges the edited matrices, where the method leaves evidence in weights: the weakest member's nats, and how many members and others are named. */
  weigh?(tensor: SuspectTensor, members: readonly number[]): Promise<{ nats: number; named: number; innocents: number }>
}

type Subject = { runtime: FingerprintRuntime; dtype: WeightDtype }
type Options = {
  keys?: number
  copies: number
  books: number
  layers?: number[]
  margin?: number
  floor?: number
  mostHarm?: number
  /** File that the preparation is kept in. */
  kept?: string
  /** A fine-tune that the judge knows. */
  fineTune?: FineTune
}

/** A judge has channels, by which it weighs answers, and asks the secret keys in an order that follows from them. */
type Asking = { channels: readonly TieChannel[]; order: readonly number[] }

const askingOf = (channels: readonly TieChannel[], by: 'votes' | 'logOdds'): Asking => {
  return { channels, order: askingOrder(channels, by) }
}

const signs = '-0+'

export async function answersOfHost(suspect: Runtime, host: Host, prompts: readonly TokenBatch[]): Promise<Int32Array> {
  const random = seededRandom(new Uint8Array(16).fill(9))
  const parts: Int32Array[] = []
  for (const batch of prompts) parts.push(await host(suspect, batch, random))
  return Int32Array.from(parts.flatMap((part) => [...part]))
}

export async function nearTies(
  { runtime, dtype }: Subject,
  { copies: count, books, kept, fineTune, ...options }: Options,
): Promise<Method & { preparation: Preparation; deltaLoss: number[] }> {
  const secret = modelSecret(new Uint8Array(32), 'bench: near ties')
  const found = kept ? await readFile(kept).catch(() => null) : null
  const preparation = found ? decodePreparation(found) : await prepare(runtime, { secret, ...options })
  if (kept && !found) await writeFile(kept, encodePreparation(preparation))
  const { keys, channel } = preparation
  const owners = buyers(books)
  const copies: Weights[] = []
  const deltaLoss: number[] = []
  for (const owner of owners.slice(0, count)) {
    const { edits, report } = await mint(runtime, preparation, { ...owner, dtype })
    copies.push(new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, dtype)])))
    deltaLoss.push(report.deltaLoss)
  }
  const table = bitTable(
    owners.map(({ copyId, buyerSeed }) => copyBits(secret, copyId, buyerSeed, keys.gaps.length)),
    keys.gaps.length,
  )
  const goal = Math.log(books / falsePositiveRate)
  /** Votes and log odds of the secret keys, [N]. Other keys have 0 and NaN. Log odds are null where a judge does not see them. */
  type Given = { votes: Int8Array; logOdds: Float64Array | null }
  const questionsOf = ({ votes, logOdds }: Given, members: readonly number[], { channels, order }: Asking) => {
    const own = members.map((copy) => table.bits.subarray(copy * table.keys, (copy + 1) * table.keys))
    const bettors = bettorsOf(channels, keys.gaps, logOdds !== null)
    const wealth = startWealth(bitTable(own, table.keys), bettors.count)
    for (const k of order) {
      bet(wealth, k, bettors.expectedBits(k, votes[k], logOdds?.[k] ?? Number.NaN))
      if (leading(wealth).nats >= goal) return wealth.asked
    }
    return null
  }
  const merged = fineTune && (await fineTuneChannels(runtime, preparation, table, fineTune))
  const unaware = [channel]
  const aware = merged && [channel, ...merged]
  const answersIn = (
    { votes, logOdds }: Given,
    channels: readonly TieChannel[],
    some?: ReadonlySet<number>,
  ): TieAnswers => {
    const seen = logOdds?.map((value, k) => (!some || some.has(k) ? value : Number.NaN))
    return {
      votes: votes.map((vote, k) => (!some || some.has(k) ? vote : 0)),
      residuals: seen ? logOddsResiduals(channels, keys.gaps, seen) : null,
    }
  }
  const verdictOf = (given: Given, members: readonly number[], channels: readonly TieChannel[]): Verdict => {
    const asking = askingOf(channels, given.logOdds ? 'logOdds' : 'votes')
    const thousand = new Set(asking.order.slice(0, 1000))
    const { accused, nats } = judgeAnswers(channels, answersIn(given, channels), table, falsePositiveRate)
    const few = judgeAnswers(channels, answersIn(given, channels, thousand), table, falsePositiveRate)
    const guilty = (all: typeof accused) => all.filter(({ copy }) => members.includes(copy)).length
    return {
      nats: Math.min(...members.map((copy) => nats[copy])),
      named: guilty(accused),
      innocents: accused.length + few.accused.length - guilty(accused) - guilty(few.accused),
      namedByThousand: guilty(few.accused),
      questions: questionsOf(given, members, asking),
    }
  }
  const judgeAnswersOf = (
    answers: ArrayLike<number>,
    members: readonly number[],
    logOdds: readonly (number | null)[] | null = null,
  ) =>
    judged(
      {
        votes: votesOf(answers, keys.pairs).map((vote, k) => (isDisclosed(k) ? 0 : vote)),
        logOdds:
          logOdds && Float64Array.from(logOdds, (value, k) => (isDisclosed(k) ? Number.NaN : (value ?? Number.NaN))),
      },
      members,
    )
  const judged = (given: Given, members: readonly number[]): Judged => {
    const { votes, logOdds } = given
    const byVotes = { votes, logOdds: null }
    const { answered, accused, nats } = judgeAnswers(unaware, answersIn(byVotes, unaware), table, falsePositiveRate)
    const agreed = (copy: number) => votes.reduce((sum, vote, k) => sum + vote * table.bits[copy * table.keys + k], 0)
    const named = accused.filter(({ copy }) => members.includes(copy)).length
    return {
      ...{ named, innocents: accused.length - named, ours: accused.length > 0 },
      questions: questionsOf(byVotes, members, askingOf(unaware, 'votes')),
      match: (1 + agreed(members[0]) / answered) / 2,
      nats: Math.min(...members.map((copy) => nats[copy])),
      z: Math.min(...members.map((copy) => agreed(copy) / Math.sqrt(answered))),
      ...(aware && { known: verdictOf(byVotes, members, aware) }),
      ...(logOdds && { withLogOdds: verdictOf(given, members, unaware) }),
      ...(logOdds && aware && { knownWithLogOdds: verdictOf(given, members, aware) }),
      votes: Array.from(votes, (vote) => signs[vote + 1]).join(''),
      ...(logOdds && { logOdds: Buffer.from(Float32Array.from(logOdds).buffer).toString('base64') }),
    }
  }
  const openWeigher = once(() => weigher(runtime, preparation, owners))
  const weigh = async (tensor: SuspectTensor, members: readonly number[]) => {
    const all = await (await openWeigher())(tensor, books)
    const named = all.filter(({ falseAccusation }) => falseAccusation <= falsePositiveRate)
    const isMember = ({ copyId }: { copyId: string }) => members.includes(Number(copyId) - 1)
    return {
      nats: Math.min(...members.map((copy) => all.find(({ copyId }) => copyId === `${copy + 1}`)?.nats ?? 0)),
      named: named.filter(isMember).length,
      innocents: named.filter((each) => !isMember(each)).length,
    }
  }
  return {
    ...{ name: 'near ties', weigh, copies, prompts: keys.prompts, preparation, deltaLoss },
    judgeAnswers: (answers, members) => judgeAnswersOf(answers, members),
    judge: async (suspect, host, members) => {
      if (host !== greedy) return judgeAnswersOf(await answersOfHost(suspect, host, keys.prompts), members)
      const pairs = Array.from(keys.gaps, (_, k) => [keys.pairs[2 * k], keys.pairs[2 * k + 1]] as const)
      const answers = await answersWithLogOdds(suspect, keys, pairs)
      return judgeAnswersOf(
        answers.map(({ token }) => token),
        members,
        answers.map(({ logOdds }) => logOdds),
      )
    },
    judgeAgain: ({ votes = '', logOdds }, members) =>
      judged(
        {
          votes: Int8Array.from(votes, (sign) => signs.indexOf(sign) - 1),
          logOdds: logOdds === undefined ? null : Float64Array.from(floatsOf(logOdds)),
        },
        members,
      ),
  }
}

/** Float32 values that are kept in base64. */
function floatsOf(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

import 'server-only'
import type { Address, Hex } from 'viem'
import type { CaseId } from '../../chain/case'
import type { CopyId, ModelId } from '../../chain/ids'
import type { Obligations } from '../../chain/obligations'
import type { Descent } from '../../chain/origin'
import type { QuoteJson } from '../../chain/quote'
import type { CaseKind, CaseStage, CopyState, RefusalReason, Relation, Verdict } from '../../chain/states'
import type { Terms } from '../../chain/terms'
import type { ErrorCode } from '../../error'
import type { FileEntry } from '../../manifest/manifest'
import type { Metadata } from '../../manifest/metadata'
import type { Failure } from '../../minting/failure'
import type { HeardCopies } from '../../minting/listening'
import type { SignedReport } from '../../minting/report'
import type { MintStage } from '../../minting/stages'
import type { Ancestor, Cuts } from '../../money/split'
import type { Usdc6 } from '../../money/usdc'

export type { DeviceLoginView } from '../http/device-logins'
export type { SessionView } from '../http/session-store'
export type { TokenView } from '../http/tokens'

/** The data that pages and components get. Types only, so that a component can import this file. */

export type ModelSummary = {
  id: ModelId
  name: string
  /** The first paragraph of the card, as plain text. */
  summary: string
  creator: Address
  /** Who has announced a majority of its shares. */
  majority: Address | null
  task: string | null
  licence: string | null
  tags: string[]
  /** `model_type` of its config, such as “llama”. */
  family: string
  parameters: number
  sizeBytes: number
  terms: Terms
  obligations: Obligations
  copiesSold: number
  /** All payments for this model before cuts, plus royalties from its descendants. */
  earned: Usdc6
  parents: ModelId[]
  /** Unix seconds. */
  registeredAt: number
  retired: boolean
}

export type TensorView = Metadata['tensors'][number]

export type LineageNode = {
  id: ModelId
  name: string
  creator: Address
  earned: Usdc6
  current: boolean
  retired: boolean
}
/** `entered`: the model did not name this ancestor, and a court found it. */
type LineageEdge = { parent: ModelId; child: ModelId; relation: Relation | 'entered' }
/** A royalty that a model owes to one of its ancestors, at any distance. */
type LineageRoyalty = { ancestor: ModelId; descendant: ModelId; royaltyBps: number; paid: Usdc6 }
export type Lineage = { nodes: LineageNode[]; edges: LineageEdge[]; royalties: LineageRoyalty[] }

export type ModelPage = ModelSummary & {
  version: number
  versions: { version: number; manifestRoot: Hex; registeredAt: number }[]
  manifestRoot: Hex
  termsHash: Hex
  /** The card's Markdown without its front matter. */
  card: string
  files: FileEntry[]
  tensors: TensorView[]
  shares: Address
  control: Control
  holders: { account: Address; shares: bigint }[]
  lineage: Lineage
  cuts: Cuts
  /** The ancestors that earn from this model, for the split preview. */
  ancestors: (Ancestor<ModelId> & { name: string })[]
  /** The ancestors that a court has entered. They earn out of the shareholders’ part. */
  entered: (Ancestor<ModelId> & { name: string; enteredAt: number })[]
  /** The bonds behind its versions, the newest first. */
  bonds: OriginBond[]
  registeredTx: Hex
  /** The accounts that may mint it. */
  minters: Address[]
  /** Of the newest version; null until it is on the chain. Without it, the version is not sold. */
  keyPoolRoot: Hex | null
  /** How much of the key pool is made, 0 to 1; null while no minter makes it. */
  preparing: number | null
  /** Seconds over which a leak bond is released, for copies ordered now. */
  leakTail: number
  /** Whether visitors may load a copy into their browser. It has fingerprints of its own. */
  playground: boolean
  /** Whether that copy is minted. */
  visitorsCopy: boolean
}

/** The bond with which a publisher answers for having named all parents of a version. */
export type OriginBond = {
  version: number
  owner: Address
  /** What is left of it. */
  amount: Usdc6
  /** What was lost to a case. */
  taken: Usdc6
  /** First second of protocol time at which it can be claimed; null while it waits for its version. */
  until: number | null
}

export type ModelSort = 'trending' | 'new' | 'earned' | 'price' | 'size'

export type ModelQuery = {
  search?: string
  sort?: ModelSort
  licence?: string
  family?: string
  task?: string
  /** Who has announced a majority of its shares. */
  majority?: Address
  /** Where the list goes on: `next` of the page before. */
  cursor?: string
  limit?: number
}

export type ModelList = {
  models: ModelSummary[]
  /** The next page’s cursor; null on the last. */
  next: string | null
  /** Nothing has all words of the search: these come close, by the other words or by names that are written alike. */
  similar: boolean
}

export type Facet = { value: string; models: number }
/** `more`: a search found more than were counted. */
export type Facets = { families: Facet[]; licences: Facet[]; tasks: Facet[]; more: boolean }

export type MintProgress = {
  stage: MintStage
  /** Part of this stage that is done, 0 to 1. */
  done: number
  /** How many orders come before this one, while it is queued. */
  queuePlace: number
  /** Why the last try failed; `final`: no other try follows. */
  failure: (Failure & { final: boolean }) | null
}

export type CopyView = {
  id: CopyId
  model: { id: ModelId; name: string }
  version: number
  buyer: Address
  state: CopyState
  price: Usdc6
  collateral: Usdc6
  /** All collateral was lost for an offence: the copy cannot be served, whatever its state. */
  lost: boolean
  /** Part of the collateral that is released over `leakTail` seconds from `thawEndsAt` on. */
  leakBond: Usdc6
  leakTail: number
  mintFee: Usdc6
  /** What the minter pays if it fails. */
  penalty: Usdc6
  minter: Address
  /** Why the buyer refused the delivery, and the words or address of the evidence. */
  refusal: { reason: RefusalReason; evidence: string } | null
  /** The minter has delivered again, and cannot once more. */
  redelivered: boolean
  /** Unix seconds; null where the state has none. */
  orderedAt: number
  deliverDeadline: number
  acceptDeadline: number | null
  /** Last second for the minter’s answer to a refusal, then for the buyer’s case. */
  answerDeadline: number | null
  /** First second at which collateral leaves: after the thaw of a closed copy, or at the refund. */
  thawEndsAt: number | null
  orderTx: Hex
  artifactRoot: Hex | null
  fingerprintRoot: Hex | null
  progress: MintProgress
  report: SignedReport | null
  files: FileEntry[]
}

/** A buyer’s request for a quote: what the minter signed, or why it did not. */
export type QuoteView = { id: string; signed: QuoteJson | null; failure: Failure | null }

/** Recorded answers that a minter judges: the part that is done, 0 to 1, and who wrote them, or why nobody can say. */
export type ListeningView = {
  id: string
  texts: number
  done: number
  heard: HeardCopies | null
  failure: Failure | null
}

/** One line of a ledger: what a model's shareholders earned from one source. */
export type EarningLine = {
  model: { id: ModelId; name: string }
  source:
    | { kind: 'copy'; copyId: CopyId }
    | { kind: 'royalty'; descendant: { id: ModelId; name: string } }
    | { kind: 'usage' | 'payment' }
  amount: Usdc6
  at: number
  tx: Hex
}

/** Earnings of an account’s shares of one model, read from the chain. */
type ModelEarnings = {
  id: ModelId
  name: string
  shares: bigint
  claimable: Usdc6
  /** Paid and not accrued yet, rounded up, if the account keeps its shares. */
  accruing: Usdc6
  /** When all of `accruing` is claimable, in Unix seconds, without a pause; null where nothing accrues. */
  accruesUntil: number | null
  claimed: Usdc6
}

export type Earnings = {
  account: Address
  models: ModelEarnings[]
  /** Credited to this account: cuts as minter, protocol or prover pool, refunds, and penalties of minters. */
  credit: Usdc6
  lines: EarningLine[]
}

/** The chain and its contracts as pages reach them, read from the deployment at run time. */
export type ChainConfig = {
  chainId: number
  name: string
  rpcUrl: string
  /** A local chain: the burner wallet and the faucet are offered. */
  local: boolean
  explorerUrl: string | null
  walletConnectProjectId: string | null
  minter: Address
  contracts: Record<
    | 'modelRegistry'
    | 'modelGovernorFactory'
    | 'copyRegistry'
    | 'minterRegistry'
    | 'protocol'
    | 'treasury'
    | 'caseCourt'
    | 'origins'
    | 'usageLedger'
    | 'userLedger'
    | 'usd',
    Address
  >
}

/** Protocol time of a local chain in Unix seconds, and the seconds of an epoch. */
export type LocalTime = { time: number; epochLength: number }

/** Who decides for a model. Times are Unix seconds. */
export type Control = {
  controller: Address
  /** Nobody holds a majority that has stood for a day: the holders vote. */
  byVotes: boolean
  /** Who has announced a majority, and from when on it decides. */
  majority: { holder: Address; decidesFrom: number } | null
}

export type GuardedLaunch = { guarded: boolean; council: Address; caseCap: Usdc6 }

export type CaseSummary = {
  id: CaseId
  kind: CaseKind
  stage: CaseStage
  verdict: Verdict
  /** The copy or, for an undeclared parent, the model that it is about. */
  subject: { copy: CopyId } | { model: ModelId }
  accused: Address
  /** Bond of each opener. */
  bond: Usdc6
  /** Most that a conviction takes. */
  amount: Usdc6
}

export type CaseEvent = { name: string; by: Address | null; text: string | null; at: number; tx: Hex }

/** Times are seconds of protocol time; null where the stage has none. */
export type CaseView = CaseSummary & {
  openers: Address[]
  /** What a case about an undeclared parent claims; null for others. */
  descent: Descent | null
  /** Who may not open, join or judge. */
  excluded: Address[]
  answered: boolean
  annulled: boolean
  /** Evidence that a vote to accept needs, in thousandths of a nat. */
  threshold: number
  /** What each juror has locked. */
  stake: Usdc6
  recordFee: Usdc6
  appellant: Address | null
  round: number
  seats: number
  panel: Address[]
  votes: { accepts: number; rejects: number }
  keys: { opened: number; of: number }
  drawBlock: number
  /** While drawing: end of the answer window. When ruled: last second for an appeal. */
  until: number | null
  closesAfter: number | null
  commitUntil: number | null
  revealUntil: number | null
  events: CaseEvent[]
}

export type ProverView = { address: Address; since: number; stake: Usdc6; locked: Usdc6; leaving: boolean }

export type ChallengeEvent = { name: string; copyId: CopyId | null; at: number; tx: Hex }

/** What this market’s prober saw of a host in the last week. Times in Unix seconds of this market. */
export type HostRecord = {
  checks: number
  /** Checks at which it answered as it should. */
  good: number
  checkedAt: number
  /** The code of the error at the last check; null where there was none. */
  problem: ErrorCode | null
  /** What the host says of its weights; null where it says nothing. */
  precision: string | null
  /** The last paid question: milliseconds to the first text, and tokens a second of the whole answer. */
  speed: { at: number; firstMs: number; tokensPerSecond: number | null } | null
}

/** A place where a copy is served. */
export type HostView = {
  copyId: CopyId
  number: number
  model: { id: ModelId; name: string }
  /** The copy’s buyer, who serves it. */
  host: Address
  operator: Address
  url: string
  /** Where a browser may call it; null where it must not. */
  origin: string | null
  /** USDC for a million tokens. */
  price: Usdc6
  openedAt: number
  /** Null until it was checked. */
  record: HostRecord | null
  /** Challenges of the copy, by what came of them. */
  challenges: { open: number; answered: number; convicted: number }
}

/** An epoch that a host has reported. */
type EpochReport = { epoch: number; receipts: bigint; units: bigint; fee: Usdc6; at: number; tx: Hex }

/** A challenge of a copy, and what came of it. */
export type HostChallenge = {
  epoch: number
  index: number
  at: number
  tx: Hex
  state: 'open' | 'answered' | 'convicted'
  /** Last second of protocol time for the answer; null once it was given or missed. */
  until: number | null
  /** The transaction that answered it or convicted. */
  endTx: Hex | null
}

/** A copy of an account, as its host sees it. Amounts in USDC. */
export type HostedCopy = {
  copyId: CopyId
  model: { id: ModelId; name: string }
  /** All collateral was lost: it cannot be served. */
  lost: boolean
  /** What the host owes the model for a million tokens. */
  fee: Usdc6
  collateral: Usdc6
  locked: Usdc6
  escrow: Usdc6
  owed: Usdc6
  /** Last second of protocol time before what is owed is taken from the collateral; null where nothing is owed. */
  owedUntil: number | null
  /** Tokens that the next report may state. */
  unitsCovered: bigint
  deployments: (Omit<HostView, 'model' | 'host' | 'challenges'> & { open: boolean })[]
  /** The newest first. */
  reports: EpochReport[]
  /** What vouchers brought: `fees` paid what was owed, `earned` is the host’s. The newest first. */
  payments: { units: bigint; fees: Usdc6; earned: Usdc6; at: number; tx: Hex }[]
  challenges: HostChallenge[]
}

/** What a copy that is served has reported and settled. `epoch` is the running one. */
export type CopyUsage = { epoch: number } & Pick<
  HostedCopy,
  'fee' | 'collateral' | 'locked' | 'escrow' | 'owed' | 'owedUntil' | 'unitsCovered' | 'reports' | 'payments'
>

/** All that an account hosts. Times are seconds of protocol time. */
export type Hosting = {
  account: Address
  time: number
  epochLength: number
  /** What it earned as a host and has not withdrawn. */
  balance: Usdc6
  /** Its active copies: those that are served first. */
  copies: HostedCopy[]
}

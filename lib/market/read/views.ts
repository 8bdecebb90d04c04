import type { Address, Hex } from 'viem'
import type { QualityReport } from '../../fingerprint/quality/quality'
import type { Usdc6 } from '../../money/usdc'

/** View types: what pages and components are given. Types only, so that a component may import this file. */

/** Ids are the chain's uint256 in decimal, because they travel in URLs and JSON. */
type ModelId = string
type CopyId = string

export type Relation = 'finetune' | 'adapter' | 'merge' | 'quantized'

export type Terms = {
  price: Usdc6
  collateral: Usdc6
  /** Fee of one inference. */
  fee: Usdc6
  /** What each child owes this model, in 1/10 000 of the rest after cuts. */
  royaltyBps: number
  licence: { derive: boolean; freeToDerive: boolean; commercial: boolean }
}

export type ModelSummary = {
  id: ModelId
  name: string
  /** First paragraph of the card, plain text. */
  summary: string
  creator: Address
  owner: Address
  task: string | null
  licence: string | null
  tags: string[]
  /** `model_type` of its config, such as “llama”. */
  family: string
  parameters: number
  sizeBytes: number
  terms: Terms
  copiesSold: number
  /** Everything ever paid through the treasury for this model, its children's royalties included. */
  earned: Usdc6
  parents: ModelId[]
  /** Unix seconds. */
  registeredAt: number
  retired: boolean
}

export type FileView = { path: string; size: number; sha256: string }
export type TensorView = { name: string; dtype: string; shape: number[]; sizeBytes: number }

export type LineageNode = {
  id: ModelId
  name: string
  owner: Address
  earned: Usdc6
  current: boolean
  retired: boolean
}
type LineageEdge = { parent: ModelId; child: ModelId; relation: Relation; royaltyBps: number; paid: Usdc6 }
export type Lineage = { nodes: LineageNode[]; edges: LineageEdge[] }

export type Cuts = { protocolBps: number; proverBps: number; minterBps: number }

export type ModelPage = ModelSummary & {
  version: number
  versions: { version: number; manifestRoot: Hex; registeredAt: number }[]
  manifestRoot: Hex
  termsHash: Hex
  /** The card's Markdown without its front matter. */
  card: string
  files: FileView[]
  tensors: TensorView[]
  shares: Address
  holders: { account: Address; shares: bigint }[]
  lineage: Lineage
  cuts: Cuts
  /** Edges of this model to its parents, for the split preview. */
  edges: { parent: ModelId; name: string; royaltyBps: number }[]
  registeredTx: Hex
  /** Visitors may load the unmarked weights into their browser, and keep them. */
  playground: boolean
}

export type ModelQuery = { search?: string; sort?: 'new' | 'earned' | 'price'; licence?: string; family?: string }

export type CopyState = 'ordered' | 'delivered' | 'active' | 'closing' | 'closed' | 'refunded' | 'slashed'

/** Stages of the minter's work, in order. */
export const mintStages = ['queued', 'load', 'prepare', 'mint', 'check', 'write', 'deliver', 'done'] as const
export type MintStage = (typeof mintStages)[number]

export type MintProgress = {
  stage: MintStage
  /** Part done of this stage, 0 to 1. */
  done: number
  /** Orders before this one, while queued. */
  queuePlace: number
  /** A sentence, when the last try failed; `final` when nobody will try again. */
  failure: { message: string; final: boolean } | null
}

/** As its minter signed it; see `signReport`. */
export type SignedReport = QualityReport & { signer: Address; signature: Hex }

export type CopyView = {
  id: CopyId
  model: { id: ModelId; name: string }
  version: number
  buyer: Address
  state: CopyState
  price: Usdc6
  collateral: Usdc6
  /** Unix seconds; null where the state has none. */
  orderedAt: number
  deliverDeadline: number
  acceptDeadline: number | null
  thawEndsAt: number | null
  orderTx: Hex
  artifactRoot: Hex | null
  fingerprintRoot: Hex | null
  progress: MintProgress
  report: SignedReport | null
  files: FileView[]
}

/** One line of a ledger: what a model was owed from one source. */
export type EarningLine = {
  model: { id: ModelId; name: string }
  source:
    | { kind: 'copy'; copyId: CopyId }
    | { kind: 'royalty'; child: { id: ModelId; name: string } }
    | { kind: 'payment' }
  amount: Usdc6
  at: number
  tx: Hex
}

export type Earnings = {
  account: Address
  /** Read from the chain. `flowable` still waits on edges from children; claiming flows it first. */
  models: { id: ModelId; name: string; shares: bigint; claimable: Usdc6; flowable: Usdc6; claimed: Usdc6 }[]
  /** Cuts credited to this account as minter, protocol or prover pool. */
  credit: Usdc6
  lines: EarningLine[]
  /** Edges to flow, furthest child first, so that one batch brings everything home. */
  flows: { child: ModelId; parent: ModelId }[]
}

/** A publish in progress: survives a closed tab. */
export type Draft = {
  id: string
  files: (FileView & { uploaded: boolean })[]
  manifestRoot: Hex
  /** Set once every file is there, its hash checked and the model understood. */
  metadataURI: string | null
  createdAt: number
}

/** Everything a page needs to talk to the chain, read from the deployment at run time. */
export type ChainConfig = {
  chainId: number
  name: string
  rpcUrl: string
  /** A local chain: the burner wallet and the faucet are offered. */
  local: boolean
  explorerUrl: string | null
  walletConnectProjectId: string | null
  minter: Address
  contracts: { modelRegistry: Address; copyRegistry: Address; treasury: Address; usd: Address }
}

// The names of Solidity’s enums, in the order of their numbers.

export const relations = ['finetune', 'adapter', 'merge', 'quantized'] as const
export type Relation = (typeof relations)[number]

export const copyStates = [
  'none',
  'ordered',
  'delivered',
  'active',
  'closing',
  'closed',
  'refunded',
  'refused',
  'defended',
  'contested',
] as const
/** The states of a copy that exists. */
export type CopyState = Exclude<(typeof copyStates)[number], 'none'>

/** What can happen to a copy. */
export const copyEvents = [
  'ordered',
  'delivered',
  'accepted',
  'refused',
  'defended',
  'contested',
  'ruled',
  'refunded',
  'closing',
  'closed',
  'slashed',
] as const
export type CopyEvent = (typeof copyEvents)[number]

/** The public fact that fails, according to a buyer who refuses a delivery. */
export const refusalReasons = ['none', 'missing', 'files', 'tensors', 'keys', 'answers', 'figures'] as const
export type RefusalReason = Exclude<(typeof refusalReasons)[number], 'none'>

/** What a court says of a refused delivery. */
export const rulings = ['none', 'usable', 'defective', 'unusable', 'unheard'] as const

export const caseKinds = ['leak', 'refusal', 'parent'] as const
export type CaseKind = (typeof caseKinds)[number]

export const caseStages = ['none', 'drawing', 'voting', 'ruled', 'closed'] as const
export type CaseStage = (typeof caseStages)[number]

export const verdicts = ['none', 'accept', 'reject', 'draw'] as const
export type Verdict = (typeof verdicts)[number]

/** OpenZeppelin's `IGovernor.ProposalState`. */
export const proposalStates = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const

/** What has happened to a proposal of a model's governor. Which of OpenZeppelin's states it is in follows from that, its times and its votes. */
export const proposalSteps = ['made', 'queued', 'executed', 'canceled'] as const
export type ProposalStep = (typeof proposalSteps)[number]

/** As the governor numbers them. */
export const voteSupports = ['against', 'for', 'abstain'] as const
export type VoteSupport = (typeof voteSupports)[number]

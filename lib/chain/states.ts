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
  'slashed',
] as const
/** The states of a copy that exists. */
export type CopyState = Exclude<(typeof copyStates)[number], 'none'>

export const caseStages = ['none', 'seeding', 'voting', 'ruled', 'closed'] as const

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

/** The names of Solidity's enums, by their numbers. */
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

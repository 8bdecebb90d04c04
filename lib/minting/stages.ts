/** The stages of an order, in order. */
export const mintStages = ['queued', 'load', 'prepare', 'mint', 'check', 'write', 'deliver', 'done'] as const
export type MintStage = (typeof mintStages)[number]

/**
 * All tables. Those of `chain`, `models`, `copies`, `shares`, `money`, `hosts`, `courts` and `governance` are a cache of the chain, which
 * indexing again rebuilds. The others exist nowhere else: back them up.
 */
export * from './schema/accounts'
export * from './schema/chain'
export * from './schema/copies'
export * from './schema/courts'
export * from './schema/drafts'
export * from './schema/governance'
export * from './schema/hosts'
export * from './schema/minting'
export * from './schema/models'
export * from './schema/money'
export * from './schema/probes'
export * from './schema/shares'
export * from './schema/webhooks'

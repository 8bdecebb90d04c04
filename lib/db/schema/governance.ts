import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { ModelId } from '../../chain/ids'
import type { ProposalStep, VoteSupport } from '../../chain/states'
import { amount, seconds } from './columns'

// Models that are governed by votes: a cache of the chain.

/** Each model's governor, once somebody has created it. A proposal of any other contract is none of ours. */
export const governors = pgTable('governors', {
  governor: text().$type<Address>().primaryKey(),
  modelId: text('model_id').$type<ModelId>().notNull(),
})

/** What holders of a model's shares decide about. */
export const proposals = pgTable(
  'proposals',
  {
    governor: text().$type<Address>().notNull(),
    /** A uint256 in decimal: the hash of its calls and its description. */
    id: text().notNull(),
    modelId: text('model_id').$type<ModelId>().notNull(),
    proposer: text().$type<Address>().notNull(),
    targets: text().array().$type<Address[]>().notNull(),
    /** The call to each target. */
    calls: text().array().$type<Hex[]>().notNull(),
    description: text().notNull(),
    step: text().$type<ProposalStep>().notNull(),
    /** First and last second of the vote; a quorum that is reached late moves the last. */
    voteStart: seconds('vote_start').notNull(),
    voteEnd: seconds('vote_end').notNull(),
    /** First second at which anyone may execute it; null while it is not queued. */
    executableFrom: seconds('executable_from'),
    votesFor: amount('votes_for').notNull().default(sql`0`),
    votesAgainst: amount('votes_against').notNull().default(sql`0`),
    votesAbstain: amount('votes_abstain').notNull().default(sql`0`),
    /** Where it was made, which orders lists. */
    madeBlock: bigint('made_block', { mode: 'number' }).notNull(),
    madeLogIndex: integer('made_log_index').notNull(),
    madeAt: seconds('made_at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.governor, table.id] }),
    index('proposals_newest').on(table.modelId, table.madeBlock, table.madeLogIndex),
  ],
)

/** Each vote on a proposal. An account votes once. */
export const proposalVotes = pgTable(
  'proposal_votes',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    governor: text().$type<Address>().notNull(),
    proposal: text().notNull(),
    voter: text().$type<Address>().notNull(),
    support: text().$type<VoteSupport>().notNull(),
    weight: amount('weight').notNull(),
    reason: text().notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.block, table.logIndex] }),
    index('proposal_votes_newest').on(table.governor, table.proposal, table.block, table.logIndex),
  ],
)

import { z } from 'zod'
import { copyEvents, proposalSteps, voteSupports } from '../chain/states'

/** What the public API answers. Amounts are decimal strings: they are larger than a JSON number holds. */

const digits = /^(0|[1-9]\d*)$/
export const id = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/)
  .meta({ description: 'A number in decimal', example: '1' })
export const account = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .meta({ description: 'An address of the chain', example: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC' })
export const hash = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .meta({ description: '32 bytes in hex' })
export const usdc = z
  .string()
  .regex(/^-?\d+$/)
  .meta({ description: 'Millionths of a USDC', example: '25000000' })
const whole = z.string().regex(digits)
export const seconds = z.int().nonnegative().meta({ description: 'Unix seconds' })
const bps = z.int().nonnegative().meta({ description: 'Hundredths of a percent' })

/** A page of a list. `next` is the cursor of the page after it, null on the last. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

const modelSummary = z
  .object({
    id,
    name: z.string(),
    summary: z.string(),
    creator: account,
    majority: account.nullable().meta({ description: 'Who has announced a majority of its shares' }),
    task: z.string().nullable(),
    licence: z.string().nullable(),
    tags: z.array(z.string()),
    family: z.string(),
    parameters: z.number(),
    sizeBytes: z.number(),
    price: usdc,
    collateral: usdc,
    fee: usdc.meta({ description: 'Of hosts, for a million tokens, in millionths of a USDC' }),
    royaltyBps: bps,
    copiesSold: z.int(),
    earned: usdc,
    parents: z.array(id),
    registeredAt: seconds,
    retired: z.boolean(),
  })
  .meta({ id: 'ModelSummary' })

const model = modelSummary
  .extend({
    version: z.int(),
    manifestRoot: hash,
    keyPoolRoot: hash.nullable().meta({ description: 'Without it, the version is not sold' }),
    termsHash: z.string(),
    shares: account.meta({ description: 'The contract of its shares' }),
    minters: z.array(account),
    ancestors: z.array(z.object({ id, name: z.string(), royaltyBps: bps })),
    enteredAncestors: z
      .array(z.object({ id, name: z.string(), royaltyBps: bps, enteredAt: seconds }))
      .meta({ description: 'Ancestors that a court has entered: paid out of what is left for the shareholders' }),
    descendants: z.int().meta({ description: 'Models that owe it royalties' }),
    card: z.string().meta({ description: 'Markdown' }),
  })
  .meta({ id: 'Model' })

const version = z
  .object({
    version: z.int(),
    manifestRoot: hash,
    keyPoolRoot: hash.nullable(),
    publisher: account,
    registeredAt: seconds,
    originBond: z
      .object({
        owner: account,
        amount: usdc.meta({ description: 'What is left of it' }),
        taken: usdc.meta({ description: 'What was lost to a case' }),
        until: seconds.nullable().meta({ description: 'From then on it can be claimed; null while it waits' }),
      })
      .nullable()
      .meta({ description: 'With it, the publisher answers for having named all parents' }),
  })
  .meta({ id: 'Version' })

const file = z.object({ path: z.string(), size: z.int(), sha256: z.string() }).meta({ id: 'File' })

const descendant = z
  .object({ id, name: z.string(), royaltyBps: bps, creator: account, registeredAt: seconds, paid: usdc })
  .meta({ id: 'Descendant' })

const copy = z
  .object({
    id,
    model: id,
    version: z.int(),
    buyer: account,
    minter: account,
    state: z.string(),
    price: usdc,
    collateral: usdc,
    lost: z.boolean().meta({ description: 'All collateral was lost for an offence' }),
    orderedAt: seconds,
    deliverDeadline: seconds,
    acceptDeadline: seconds.nullable(),
    thawEndsAt: seconds.nullable(),
    artifactRoot: hash.nullable(),
    fingerprintRoot: hash.nullable(),
    ciphertextHash: hash.nullable(),
    url: z.string().nullable().meta({ description: 'Where the sealed files are' }),
  })
  .meta({ id: 'Copy' })

const deployment = z
  .object({
    copy: id,
    number: z.int(),
    operator: account,
    price: usdc,
    url: z.string(),
    open: z.boolean(),
    openedAt: seconds,
  })
  .meta({ id: 'Deployment' })

const host = z
  .object({
    copy: id,
    number: z.int().meta({ description: 'Of the deployment' }),
    host: account,
    operator: account.meta({ description: 'The key that signs its receipts' }),
    url: z.string(),
    price: usdc.meta({ description: 'For a million tokens, in millionths of a USDC' }),
    openedAt: seconds,
    record: z
      .object({
        checks: z.int(),
        good: z.int().meta({ description: 'Checks at which it answered as it should' }),
        checkedAt: seconds,
        problem: z.string().nullable().meta({ description: 'The code of the error at the last check' }),
        precision: z.string().nullable().meta({ description: 'As the host says' }),
        speed: z
          .object({
            at: seconds,
            firstMs: z.number().meta({ description: 'From a paid question to the first text' }),
            tokensPerSecond: z.number().nullable(),
          })
          .nullable()
          .meta({ description: 'Null: not measured yet' }),
      })
      .nullable()
      .meta({ description: 'What this market’s prober saw in the last week; null: not checked yet' }),
    challenges: z.object({ open: z.int(), answered: z.int(), convicted: z.int() }),
  })
  .meta({ id: 'Host' })

export const report = z
  .object({
    copy: id,
    epoch: z.int(),
    receipts: whole,
    units: whole,
    fee: usdc,
    receiptsRoot: hash,
    at: seconds,
    tx: hash,
  })
  .meta({ id: 'Report' })

export const earning = z
  .object({
    model: id,
    kind: z.enum(['copy', 'royalty', 'usage', 'payment']),
    copy: id.nullable(),
    descendant: id.nullable().meta({ description: 'Of a royalty: the model that was paid for' }),
    amount: usdc,
    at: seconds,
    tx: hash,
  })
  .meta({ id: 'Earning' })

const holding = z
  .object({ model: id, name: z.string(), shares: whole.meta({ description: 'Of 10^24' }), claimed: usdc, earned: usdc })
  .meta({ id: 'Holding' })

const courtCase = z
  .object({
    id: z.int(),
    kind: z.enum(['leak', 'refusal', 'parent']),
    copy: id.nullable(),
    model: id.nullable(),
    opener: account,
    openedAt: seconds,
    verdict: z.enum(['none', 'accept', 'reject', 'draw']),
    closed: z.boolean(),
    taken: usdc,
  })
  .meta({ id: 'Case' })

const prover = z
  .object({
    address: account,
    listed: z.boolean(),
    admitted: z.boolean(),
    stake: usdc,
    rewarded: usdc,
    exitAt: seconds.nullable(),
  })
  .meta({ id: 'Prover' })

const minter = z
  .object({
    address: account,
    listed: z.boolean().meta({ description: 'It takes orders' }),
    barred: z.boolean().meta({ description: 'The protocol has barred it' }),
    bond: usdc,
    penalties: usdc.meta({ description: 'Paid for orders that it missed' }),
    joinedAt: seconds.nullable(),
    leavesAt: seconds.nullable(),
  })
  .meta({ id: 'Minter' })

const holder = z
  .object({
    account,
    shares: whole.meta({ description: 'Of 10^24' }),
    delegate: account.nullable().meta({ description: 'Who votes with them, where the holder does not' }),
  })
  .meta({ id: 'Holder' })

const voter = z.object({ account, votes: whole.meta({ description: 'Of 10^24' }) }).meta({ id: 'Voter' })

const proposal = z
  .object({
    id,
    model: id,
    governor: account,
    proposer: account,
    calls: z.array(z.object({ target: account, data: z.string().meta({ description: 'ABI-encoded, in hex' }) })),
    description: z.string(),
    step: z.enum(proposalSteps).meta({
      description: 'What has happened. Of one that was made, its times and votes say whether it passed',
    }),
    voteStart: seconds,
    voteEnd: seconds,
    executableFrom: seconds.nullable().meta({ description: 'Null while it is not queued' }),
    votes: z
      .object({ for: whole, against: whole, abstain: whole })
      .meta({ description: 'Of 10^24. A tenth must vote for it or abstain' }),
    madeAt: seconds,
    tx: hash,
  })
  .meta({ id: 'Proposal' })

const proposalVote = z
  .object({
    voter: account,
    support: z.enum(voteSupports),
    weight: whole.meta({ description: 'Of 10^24' }),
    reason: z.string(),
    at: seconds,
    tx: hash,
  })
  .meta({ id: 'ProposalVote' })

const copyEvent = z
  .object({
    event: z.enum(copyEvents),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    at: seconds,
    tx: hash,
  })
  .meta({ id: 'CopyHistoryEvent' })

const challengeEvent = z
  .object({
    event: z.enum(['committed', 'expired', 'challenged', 'answered', 'convicted', 'bounty-for', 'bounty-paid']),
    copy: id.nullable(),
    account: account.nullable().meta({ description: 'The challenger, or who gets the bounty' }),
    amount: usdc.nullable().meta({ description: 'The bond, what was taken, or the bounty' }),
    at: seconds,
    tx: hash,
  })
  .meta({ id: 'ChallengeHistoryEvent' })

const caseEvent = z
  .object({ event: z.string(), by: account.nullable(), text: z.string().nullable(), at: seconds, tx: hash })
  .meta({ id: 'CaseHistoryEvent' })

const facet = z.array(z.object({ value: z.string(), models: z.int() }))
const facets = z
  .object({ families: facet, licences: facet, tasks: facet, more: z.boolean() })
  .meta({ id: 'Facets', description: 'more: the search found more than were counted' })

const chain = z
  .object({
    chainId: z.int(),
    block: z.int().meta({ description: 'The first that can hold an event of the contracts' }),
    name: z.string(),
    rpcUrl: z.string(),
    explorerUrl: z.string().nullable(),
    minter: account.meta({ description: 'Whom new orders name' }),
    contracts: z.record(z.string(), account),
  })
  .meta({ id: 'Chain', description: 'Where the market’s contracts are' })

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    facts: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, with a code and its facts' })

const step = z
  .object({
    title: z.string(),
    language: z.enum(['shell', 'python', 'javascript']),
    code: z.string(),
  })
  .meta({ id: 'Step' })

const program = z
  .object({
    name: z.string(),
    use: z.string(),
    obstacle: z.string().nullable().meta({ description: 'Why it cannot run this model; null where it can' }),
    fingerprints: z.object({
      checked: z.boolean().meta({ description: 'Whether a copy’s keys were asked in this program' }),
      note: z.string(),
    }),
    steps: z.array(step),
  })
  .meta({ id: 'Program' })

export const answers = {
  chain,
  model,
  models: pageOf(modelSummary).extend({
    similar: z.boolean().meta({ description: 'Nothing has all of these words: models that come close' }),
  }),
  facets,
  versions: z.object({ items: z.array(version) }),
  files: z.object({ items: z.array(file) }),
  descendants: pageOf(descendant),
  copy,
  copies: pageOf(copy),
  deployments: z.object({ items: z.array(deployment) }),
  modelHosts: z.object({ items: z.array(host) }),
  programs: z.object({
    folder: z.string().meta({ description: 'What the commands call the folder of the copy' }),
    get: z.array(step).meta({ description: 'How to get that folder' }),
    items: z.array(program),
  }),
  reports: pageOf(report),
  earnings: pageOf(earning),
  holdings: z.object({ items: z.array(holding) }),
  cases: pageOf(courtCase),
  case: courtCase,
  caseEvents: z.object({ items: z.array(caseEvent) }),
  provers: z.object({ items: z.array(prover) }),
  minters: z.object({ items: z.array(minter) }),
  hosts: pageOf(deployment),
  holders: pageOf(holder),
  voters: pageOf(voter),
  proposals: pageOf(proposal),
  proposalVotes: pageOf(proposalVote),
  copyEvents: z.object({ items: z.array(copyEvent) }),
  challenges: pageOf(challengeEvent),
}

const limit = z.coerce.number().int().min(1).max(100).default(25).meta({ description: 'Items of a page' })
const cursor = z.string().max(400).optional().meta({ description: '`next` of the page before' })
const word = z.string().min(1).max(200).optional()

export const paging = z.object({ limit, cursor })
export const modelQuery = paging.extend({
  search: word.meta({ description: 'Words of the name, the tags and the summary' }),
  family: word,
  licence: word,
  task: word,
  sort: z.enum(['trending', 'new', 'earned', 'price', 'size']).default('trending'),
})
export const facetQuery = z.object({ search: word })
export const programQuery = z.object({
  copy: id.optional().meta({ description: 'Whose folder the commands are for' }),
})
export const nothing = z.object({})

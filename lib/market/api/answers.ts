import 'server-only'
import { and, asc, count, desc, eq, getTableColumns, gt, type SQL, sql } from 'drizzle-orm'
import { type Address, getAddress } from 'viem'
import type { z } from 'zod'
import type { EndpointName, Endpoints, Given } from '../../api/endpoints'
import type { CopyId, ModelId } from '../../chain/ids'
import {
  ancestors,
  cases,
  claims,
  copies,
  copyEvents,
  delegations,
  deployments,
  enteredAncestors,
  governors,
  holders,
  ledger,
  logs,
  minters,
  models,
  namedMinters,
  originBonds,
  proposals,
  proposalVotes,
  provers,
  reports,
  versions,
  votes,
} from '../../db/schema'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { eventsOfCase } from '../read/courts'
import { type Place, readCursor, writeCursor } from '../read/cursor'
import { facetsOf } from '../read/facets-of'
import { getChainConfig } from '../read/get-chain-config'
import { hostsOf } from '../read/hosts'
import { listModels } from '../read/list-models'
import { describedModel, namesOf, summaryOf } from '../read/model-summary'
import { prepared } from '../read/prepared'
import { programsOf } from '../read/programs-of'
import type { ModelSummary } from '../read/views'
import { challengeEventOf } from './challenge-event'
import type { WebhookEndpoint } from './webhook-answers'

type OpenEndpoint = Exclude<EndpointName, WebhookEndpoint>
type Answer<Name extends EndpointName> = z.input<Endpoints[Name]['answer']>

/** What each endpoint for everybody answers, read from the tables. */
export const answersOf: { [Name in OpenEndpoint]: (given: Given<Name>) => Promise<Answer<Name>> } = {
  async getChain() {
    const { chainId, name, rpcUrl, explorerUrl, minter, contracts } = await getChainConfig()
    const { deployment } = await market()
    return { chainId, block: deployment.block, name, rpcUrl, explorerUrl, minter, contracts }
  },
  async listModels(query) {
    const { models: found, next, similar } = await listModels(query)
    return { items: found.map(summary), next, similar }
  },
  modelFacets: ({ search }) => facetsOf(search),
  async getModel({ id }) {
    const ctx = await market()
    const modelId = id as ModelId
    const [found, minters, [{ descendants }], entered] = await Promise.all([
      describedModel(ctx, modelId),
      ctx.db.select().from(namedMinters).where(eq(namedMinters.modelId, modelId)),
      ctx.db.select({ descendants: count() }).from(ancestors).where(eq(ancestors.ancestor, modelId)),
      ctx.db
        .select()
        .from(enteredAncestors)
        .where(eq(enteredAncestors.modelId, modelId))
        .orderBy(asc(enteredAncestors.position)),
    ])
    if (!found) throw new HttpError(404, 'market.model-unknown', { model: id })
    const { model, version, metadata } = found
    const { lineage } = found.listing
    const nameOf = await namesOf(ctx, [
      ...lineage.map((ancestor) => ancestor.id),
      ...entered.map((row) => row.ancestor),
    ])
    return {
      ...summary(summaryOf(found)),
      version: version.version,
      manifestRoot: version.manifestRoot,
      keyPoolRoot: version.keyPoolRoot,
      termsHash: model.termsHash,
      shares: model.shares,
      minters: minters.map(({ minter }) => minter),
      ancestors: lineage.map(({ id: ancestor, royaltyBps }) => ({ id: ancestor, name: nameOf(ancestor), royaltyBps })),
      enteredAncestors: entered.map(({ ancestor, royaltyBps, enteredAt }) => ({
        ...{ id: ancestor, name: nameOf(ancestor), royaltyBps, enteredAt },
      })),
      descendants,
      card: metadata.card,
    }
  },
  async listVersions({ id }) {
    const { db } = await market()
    const { metadata: _, uri: __, modelId, ...shown } = getTableColumns(versions)
    const { owner, amount, taken, until } = originBonds
    const rows = await db
      .select({ version: shown, bond: { owner, amount, taken, until } })
      .from(versions)
      .leftJoin(originBonds, and(eq(originBonds.modelId, modelId), eq(originBonds.version, versions.version)))
      .where(eq(modelId, id as ModelId))
      .orderBy(desc(versions.version))
    if (rows.length === 0) throw new HttpError(404, 'market.model-unknown', { model: id })
    return {
      items: rows.map(({ version, bond }) => ({
        ...version,
        originBond: bond && { ...bond, amount: String(bond.amount), taken: String(bond.taken) },
      })),
    }
  },
  async listFiles({ id, version }) {
    const { db } = await market()
    const one = and(eq(versions.modelId, id as ModelId), eq(versions.version, Number(version)))
    const [found] = await db.select({ metadata: versions.metadata }).from(versions).where(one)
    if (!found?.metadata) throw new HttpError(404, 'market.version-unknown', { model: id, version })
    return { items: found.metadata.files.map(({ path, size, sha256 }) => ({ path, size, sha256 })) }
  },
  listPrograms: ({ id, copy }) => programsOf(id as ModelId, (copy ?? null) as CopyId | null),
  async listDescendants({ id, limit, cursor }) {
    const ctx = await market()
    const place = cursor === undefined ? null : readCursor(cursor, /^$/)
    const rows = await ctx.db
      .select({ model: models, royaltyBps: ancestors.royaltyBps })
      .from(ancestors)
      .innerJoin(models, eq(models.id, ancestors.modelId))
      .where(and(eq(ancestors.ancestor, id as ModelId), place ? sql`${ancestors.modelId} > ${place.id}` : undefined))
      .orderBy(asc(ancestors.modelId))
      .limit(limit + 1)
    const nameOf = await namesOf(
      ctx,
      rows.map(({ model }) => model.id),
    )
    return pageOf(
      rows,
      limit,
      ({ model }) => ({ value: '', id: model.id }),
      ({ model, royaltyBps }) => ({
        id: model.id,
        name: nameOf(model.id),
        royaltyBps,
        creator: model.creator,
        registeredAt: model.registeredAt,
        paid: String((model.income * BigInt(royaltyBps)) / 10_000n),
      }),
    )
  },
  listModelCopies: ({ id, ...paging }) => copiesWhere(eq(copies.modelId, id as ModelId), paging),
  listCopies: (paging) => copiesWhere(undefined, paging),
  listAccountCopies: ({ account, ...paging }) => copiesWhere(isAccount(copies.buyer, account), paging),
  async getCopy({ id }) {
    const { db } = await market()
    const [found] = await db
      .select()
      .from(copies)
      .where(eq(copies.id, id as CopyId))
    if (!found) throw new HttpError(404, 'market.copy-unknown', { copy: id })
    return copyOf(found)
  },
  async listModelHosts({ id }) {
    const hosts = await hostsOf(id as ModelId)
    return {
      items: hosts.map(({ copyId, model: _, origin: __, price, ...host }) => ({
        ...host,
        copy: copyId,
        price: String(price),
      })),
    }
  },
  async listDeployments({ id }) {
    const { db } = await market()
    const rows = await db
      .select()
      .from(deployments)
      .where(eq(deployments.copyId, id as CopyId))
      .orderBy(asc(deployments.number))
      .limit(100)
    return { items: rows.map(deploymentOf) }
  },
  async listReports({ id, limit, cursor }) {
    const { db } = await market()
    const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,15}$/)
    const rows = await db
      .select()
      .from(reports)
      .where(and(eq(reports.copyId, id as CopyId), place ? sql`${reports.epoch} < ${place.value}::bigint` : undefined))
      .orderBy(desc(reports.epoch))
      .limit(limit + 1)
    return pageOf(rows, limit, ({ epoch, copyId }) => ({ value: String(epoch), id: copyId }), reportOf)
  },
  async listAllReports({ limit, cursor }) {
    const { db } = await market()
    const rows = await db
      .select()
      .from(reports)
      .where(beforePlace(reports, cursor))
      .orderBy(desc(reports.block), desc(reports.logIndex))
      .limit(limit + 1)
    return pageOf(rows, limit, placeInChain, reportOf)
  },
  async listHosts({ limit, cursor }) {
    const { db } = await market()
    const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,10}$/)
    const after = place
      ? sql`(${deployments.copyId}, ${deployments.number}) > (${place.id}, ${place.value}::integer)`
      : undefined
    const rows = await db
      .select()
      .from(deployments)
      .where(and(deployments.open, after))
      .orderBy(asc(deployments.copyId), asc(deployments.number))
      .limit(limit + 1)
    return pageOf(rows, limit, ({ copyId, number }) => ({ value: String(number), id: copyId }), deploymentOf)
  },
  async listMinters() {
    const { db } = await market()
    const rows = await db.select().from(minters).orderBy(desc(minters.bond), asc(minters.address)).limit(1000)
    return {
      items: rows.map(({ bond, penalties, ...rest }) => ({
        ...rest,
        bond: String(bond),
        penalties: String(penalties),
      })),
    }
  },
  async listHolders({ id, limit, cursor }) {
    const { db } = await market()
    const token = await sharesOf(id)
    const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,78}$/)
    const after = place
      ? sql`(${holders.shares}, ${holders.account}) < (${place.value}::numeric, ${place.id})`
      : undefined
    const rows = await db
      .select({ account: holders.account, shares: holders.shares, delegate: delegations.delegate })
      .from(holders)
      .leftJoin(delegations, and(eq(delegations.token, holders.token), eq(delegations.account, holders.account)))
      .where(and(eq(holders.token, token), gt(holders.shares, 0n), after))
      .orderBy(desc(holders.shares), desc(holders.account))
      .limit(limit + 1)
    return pageOf(
      rows,
      limit,
      ({ shares, account }) => ({ value: String(shares), id: account }),
      ({ shares, ...rest }) => ({ ...rest, shares: String(shares) }),
    )
  },
  async listVoters({ id, limit, cursor }) {
    const { db } = await market()
    const token = await sharesOf(id)
    const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,78}$/)
    const after = place ? sql`(${votes.votes}, ${votes.account}) < (${place.value}::numeric, ${place.id})` : undefined
    const rows = await db
      .select({ account: votes.account, votes: votes.votes })
      .from(votes)
      .where(and(eq(votes.token, token), gt(votes.votes, 0n), after))
      .orderBy(desc(votes.votes), desc(votes.account))
      .limit(limit + 1)
    return pageOf(
      rows,
      limit,
      ({ votes: own, account }) => ({ value: String(own), id: account }),
      ({ votes: own, account }) => ({ account, votes: String(own) }),
    )
  },
  async listProposals({ id, limit, cursor }) {
    const { db } = await market()
    await sharesOf(id)
    const place = cursor === undefined ? null : placeOfCursor(cursor)
    const before = place
      ? sql`(${proposals.madeBlock}, ${proposals.madeLogIndex}) < (${place.block}::bigint, ${place.logIndex}::integer)`
      : undefined
    const rows = await db
      .select()
      .from(proposals)
      .where(and(eq(proposals.modelId, id as ModelId), before))
      .orderBy(desc(proposals.madeBlock), desc(proposals.madeLogIndex))
      .limit(limit + 1)
    return pageOf(
      rows,
      limit,
      ({ madeBlock: block, madeLogIndex: logIndex }) => placeInChain({ block, logIndex }),
      proposalOf,
    )
  },
  async listProposalVotes({ id, proposal, limit, cursor }) {
    const { db } = await market()
    const [found] = await db
      .select({ governor: governors.governor })
      .from(governors)
      .innerJoin(proposals, and(eq(proposals.governor, governors.governor), eq(proposals.id, proposal)))
      .where(eq(governors.modelId, id as ModelId))
    if (!found) throw new HttpError(404, 'market.proposal-unknown', { model: id, proposal })
    const ofProposal = and(eq(proposalVotes.governor, found.governor), eq(proposalVotes.proposal, proposal))
    const rows = await db
      .select()
      .from(proposalVotes)
      .where(and(ofProposal, beforePlace(proposalVotes, cursor)))
      .orderBy(desc(proposalVotes.block), desc(proposalVotes.logIndex))
      .limit(limit + 1)
    return pageOf(rows, limit, placeInChain, ({ voter, support, weight, reason, at, tx }) => ({
      ...{ voter, support, reason, at, tx },
      weight: String(weight),
    }))
  },
  async listCopyEvents({ id }) {
    const { db } = await market()
    const rows = await db
      .select()
      .from(copyEvents)
      .where(eq(copyEvents.copyId, id as CopyId))
      .orderBy(desc(copyEvents.block), desc(copyEvents.logIndex))
      .limit(1000)
    if (rows.length === 0) throw new HttpError(404, 'market.copy-unknown', { copy: id })
    return { items: rows.map(({ event, facts, at, tx }) => ({ event, facts, at, tx })) }
  },
  async listChallenges({ limit, cursor }) {
    const { db, chain } = await market()
    const rows = await db
      .select()
      .from(logs)
      .where(and(eq(logs.address, chain.contracts.challengeCourt), beforePlace(logs, cursor)))
      .orderBy(desc(logs.block), desc(logs.logIndex))
      .limit(limit + 1)
    return pageOf(rows, limit, placeInChain, (log) => challengeEventOf(log, chain.contracts))
  },
  async listCaseEvents({ number }) {
    const items = await eventsOfCase(number)
    if (items.length === 0) throw new HttpError(404, 'market.case-unknown', { case: number })
    return { items: items.map(({ name, ...rest }) => ({ event: name, ...rest })) }
  },
  listModelEarnings: ({ id, ...paging }) => earningsWhere([id as ModelId], paging),
  async listAccountEarnings({ account, ...paging }) {
    const held = await holdingsOf(await market(), account)
    return earningsWhere(
      held.map(({ model }) => model),
      paging,
    )
  },
  async listHoldings({ account }) {
    const ctx = await market()
    const held = await holdingsOf(ctx, account)
    const claimed = await ctx.db.select().from(claims).where(isAccount(claims.account, account))
    const nameOf = await namesOf(
      ctx,
      held.map(({ model }) => model),
    )
    return {
      items: held.map(({ model, shares, earned }) => ({
        model,
        name: nameOf(model),
        shares: String(shares),
        earned: String(earned),
        claimed: String(claimed.find(({ modelId }) => modelId === model)?.amount ?? 0n),
      })),
    }
  },
  async listCases({ limit, cursor }) {
    const { db } = await market()
    const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,15}$/)
    const before = place ? sql`${cases.id} < ${place.value}::bigint` : undefined
    const rows = await db
      .select()
      .from(cases)
      .where(before)
      .orderBy(desc(cases.id))
      .limit(limit + 1)
    return pageOf(rows, limit, ({ id }) => ({ value: String(id), id: String(id) }), caseOf)
  },
  async getCase({ number }) {
    const { db } = await market()
    const [found] = await db
      .select()
      .from(cases)
      .where(eq(cases.id, Number(number)))
    if (!found) throw new HttpError(404, 'market.case-unknown', { case: number })
    return caseOf(found)
  },
  async listProvers() {
    const { db } = await market()
    const rows = await db.select().from(provers).orderBy(desc(provers.stake), asc(provers.address)).limit(1000)
    return {
      items: rows.map(({ listedAt: _, stake, rewarded, ...rest }) => ({
        ...rest,
        stake: String(stake),
        rewarded: String(rewarded),
      })),
    }
  },
}

type Paging = { limit: number; cursor?: string }

/** Addresses are stored with their checksum; anybody may write them without. */
function isAccount(column: typeof copies.buyer | typeof claims.account, account: string): SQL {
  return eq(column, getAddress(account.toLowerCase()) as Address)
}

function pageOf<Row, Item>(rows: Row[], limit: number, placeOf: (row: Row) => Place, item: (row: Row) => Item) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(item), next: rows.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null }
}

async function copiesWhere(which: SQL | undefined, { limit, cursor }: Paging) {
  const { db } = await market()
  const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,15}$/)
  const after = place ? sql`(${copies.orderedAt}, ${copies.id}) < (${place.value}::bigint, ${place.id})` : undefined
  const rows = await db
    .select()
    .from(copies)
    .where(and(which, after))
    .orderBy(desc(copies.orderedAt), desc(copies.id))
    .limit(limit + 1)
  return pageOf(rows, limit, ({ orderedAt, id }) => ({ value: String(orderedAt), id }), copyOf)
}

/** The newest lines of these models together: the newest of each are merged, so that no model’s history is read whole. */
async function earningsWhere(ids: ModelId[], { limit, cursor }: Paging) {
  const { db } = await market()
  const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,15}\.\d{1,10}$/)
  if (ids.length === 0) return { items: [], next: null }
  const [block, logIndex] = place?.value.split('.') ?? []
  const after = place
    ? sql`and (l.block, l.log_index, l.model_id) < (${block}::bigint, ${logIndex}::integer, ${place.id})`
    : sql``
  // Each model's newest lines are found in an index alone, and only those of the page are read.
  const most = sql.placeholder('most')
  const places = sql`select l.model_id, l.block, l.log_index from ${ledger} l where l.model_id = held.id ${after} order by l.block desc, l.log_index desc limit ${most}`
  const newest = sql`select * from unnest(${sql.placeholder('ids')}::text[]) as held(id) cross join lateral (${places}) l order by l.block desc, l.log_index desc, l.model_id desc limit ${most}`
  const lines = db
    .select(getTableColumns(ledger))
    .from(sql`(${newest}) as newest`)
    .innerJoin(
      ledger,
      sql`(${ledger.modelId}, ${ledger.block}, ${ledger.logIndex}) = (newest.model_id, newest.block, newest.log_index)`,
    )
    .orderBy(desc(ledger.block), desc(ledger.logIndex), desc(ledger.modelId))
  const rows = await lines.prepare(place ? 'later_earnings' : 'newest_earnings').execute({ ids, most: limit + 1 })
  return pageOf(
    rows,
    limit,
    (row) => ({ value: `${row.block}.${row.logIndex}`, id: row.modelId }),
    ({ modelId, kind, copyId, descendant, amount, at, tx }) => ({
      model: modelId,
      kind,
      copy: copyId,
      descendant,
      amount: String(amount),
      at,
      tx,
    }),
  )
}

/** The models whose shares an account holds, at most 1,000. */
function holdingsOf({ db }: Market, account: string) {
  const query = prepared(db, 'holdings', (name) =>
    db
      .select({ model: models.id, earned: models.earned, shares: holders.shares })
      .from(holders)
      .innerJoin(models, eq(models.shares, holders.token))
      .where(and(eq(holders.account, sql.placeholder('account')), gt(holders.shares, 0n)))
      .limit(1000)
      .prepare(name),
  )
  return query.execute({ account: getAddress(account.toLowerCase()) })
}

function summary({ terms, obligations: _, earned, ...model }: ModelSummary) {
  const { price, collateral, fee, royaltyBps } = terms
  const amounts = { price: String(price), collateral: String(collateral), fee: String(fee), earned: String(earned) }
  return { ...model, ...amounts, royaltyBps }
}

/** The contract of a model’s shares. Throws `market.model-unknown`. */
async function sharesOf(id: string): Promise<Address> {
  const { db } = await market()
  const [found] = await db
    .select({ shares: models.shares })
    .from(models)
    .where(eq(models.id, id as ModelId))
  if (!found) throw new HttpError(404, 'market.model-unknown', { model: id })
  return found.shares
}

/** Rows of blocks are listed from the newest on. */
function beforePlace(
  table: typeof reports | typeof logs | typeof proposalVotes,
  cursor: string | undefined,
): SQL | undefined {
  if (cursor === undefined) return undefined
  const { block, logIndex } = placeOfCursor(cursor)
  return sql`(${table.block}, ${table.logIndex}) < (${block}::bigint, ${logIndex}::integer)`
}

/** The place of a log in the chain. */
function placeOfCursor(cursor: string): { block: string; logIndex: string } {
  const { value, id } = readCursor(cursor, /^\d{1,15}$/)
  if (!/^\d{1,9}$/.test(id)) throw new HttpError(400, 'market.cursor-invalid')
  return { block: value, logIndex: id }
}

const placeInChain = ({ block, logIndex }: { block: number; logIndex: number }): Place => ({
  value: String(block),
  id: String(logIndex),
})

function proposalOf(row: typeof proposals.$inferSelect) {
  const { modelId: model, targets, calls, votesFor, votesAgainst, votesAbstain, ...rest } = row
  const { id, governor, proposer, description, step, voteStart, voteEnd, executableFrom, madeAt, tx } = rest
  return {
    ...{ id, model, governor, proposer, description, step, voteStart, voteEnd, executableFrom, madeAt, tx },
    calls: targets.map((target, i) => ({ target, data: calls[i] })),
    votes: { for: String(votesFor), against: String(votesAgainst), abstain: String(votesAbstain) },
  }
}

function reportOf(row: typeof reports.$inferSelect) {
  return {
    copy: row.copyId,
    epoch: row.epoch,
    receipts: String(row.receipts),
    units: String(row.units),
    fee: String(row.fee),
    receiptsRoot: row.receiptsRoot,
    at: row.at,
    tx: row.tx,
  }
}

function deploymentOf({ copyId, price, ...rest }: typeof deployments.$inferSelect) {
  return { copy: copyId, price: String(price), ...rest }
}

function copyOf(copy: typeof copies.$inferSelect) {
  return {
    id: copy.id,
    model: copy.modelId,
    version: copy.version,
    buyer: copy.buyer,
    minter: copy.minter,
    state: copy.state,
    price: String(copy.price),
    collateral: String(copy.collateral),
    lost: copy.lost,
    orderedAt: copy.orderedAt,
    deliverDeadline: copy.deliverDeadline,
    acceptDeadline: copy.acceptDeadline,
    thawEndsAt: copy.thawEndsAt,
    artifactRoot: copy.artifactRoot,
    fingerprintRoot: copy.fingerprintRoot,
    ciphertextHash: copy.ciphertextHash,
    url: copy.url,
  }
}

function caseOf({ subject, taken, ...found }: typeof cases.$inferSelect) {
  const [copy, model] = found.kind === 'parent' ? [null, subject] : [subject, null]
  return { ...found, copy, model, taken: String(taken) }
}

import { asc, desc, eq } from 'drizzle-orm'
import { type Abi, type Address, erc20Abi, type Hex, keccak256, toHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database'
import { eventLog } from '../../test/fixtures/event-log'
import { localAccount } from '../chain/accounts'
import {
  copyRegistryAbi,
  minterRegistryAbi,
  modelGovernorAbi,
  modelGovernorFactoryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  originsAbi,
  treasuryAbi,
  userLedgerAbi,
} from '../chain/generated'
import { toCopyId, toModelId } from '../chain/ids'
import type { Database } from '../db/open'
import {
  ancestors,
  claims,
  copies,
  copyEvents,
  delegations,
  edges,
  enteredAncestors,
  holders,
  hostPayments,
  ledger,
  minters,
  models,
  namedMinters,
  originBonds,
  proposals,
  proposalVotes,
  reservations,
  settlements,
  userBalances,
  versions,
  votes,
} from '../db/schema'
import { apply } from './apply'
import type { RawLog } from './decode'

const [creator, buyer, minter, payer] = [2, 3, 4, 5].map((index) => localAccount(index).address)
const [modelRegistry, copyRegistry, treasury, usageLedger, userLedger, shares] = [6, 7, 8, 9, 10, 11].map(
  (index) => localAccount(index).address,
)
const courts = { caseCourt: payer, challengeCourt: payer, proverRegistry: payer }
const [origins, minterRegistry, modelGovernorFactory, governor] = [12, 13, 14, 15].map(
  (index) => localAccount(index).address,
)
const governance = { origins, modelGovernorFactory, ...courts }
const contracts = { modelRegistry, copyRegistry, minterRegistry, treasury, usageLedger, userLedger, ...governance }
const hash = (text: string) => keccak256(toHex(text))
const terms = { price: 1000n, collateral: 500n, fee: 3n, royaltyBps: 100, floorBps: 5000, leakBps: 5000, licence: 1 }

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

let index = 0
const logOf = (address: Address, abi: Abi) => (eventName: string, args: object, tx?: Hex) =>
  eventLog({ address, abi, index: index++, tx }, eventName, args)
const applyAll = (...logs: RawLog[]) => apply(logs, database.db, contracts, index)
const emit =
  (address: Address, abi: Abi) =>
  (...event: [string, object, Hex?]) =>
    applyAll(logOf(address, abi)(...event))
const modelEvent = emit(modelRegistry, modelRegistryAbi)
const copyEvent = emit(copyRegistry, copyRegistryAbi)
const minterEvent = emit(minterRegistry, minterRegistryAbi)
const treasuryEvent = emit(treasury, treasuryAbi)
const userEvent = emit(userLedger, userLedgerAbi)
const sharesEvent = emit(shares, modelSharesAbi)
const originEvent = emit(origins, originsAbi)

const paid = { price: 1000n, collateral: 500n, leakBond: 250n, leakTail: 3600, mintFee: 7, penalty: 5n }
const order = { modelId: 2n, buyer, version: 1, minter, ...paid }
const ordered = (id: bigint) =>
  copyEvent('Ordered', { ...order, id, termsHash: hash('terms'), buyerSeedHash: hash('seed'), deliverDeadline: 9n })
const delivery = {
  artifactRoot: hash('artifact'),
  fingerprintRoot: hash('fingerprints'),
  responsesRoot: hash('responses'),
  ciphertextHash: hash('ciphertext'),
  sealedKey: hash('key'),
  url: 'https://files.example/sealed',
}
const copy = async (id: bigint) =>
  (
    await database.db
      .select()
      .from(copies)
      .where(eq(copies.id, toCopyId(id)))
  )[0]

test('default: a model, its parent, version and terms', async () => {
  const { db } = database
  await modelEvent('Registered', { id: 2n, creator, shares })
  await modelEvent('ParentAdded', { child: 2n, parent: 1n, relation: 2 })
  await modelEvent('LineageSet', {
    id: 2n,
    lineage: [
      { id: 9n, royaltyBps: 50 },
      { id: 1n, royaltyBps: 250 },
    ],
    floors: { price: 10n, collateral: 20n, fee: 30n, leakBps: 40 },
    allowedLicence: 5,
  })
  await modelEvent('VersionAdded', { id: 2n, version: 1, manifestRoot: hash('files'), metadataURI: 'test:1' })
  await modelEvent('TermsSet', { id: 2n, termsVersion: 1, termsHash: hash('terms'), terms })
  expect(await db.select().from(models)).toMatchObject([
    { id: '2', creator, majority: creator, shares, version: 1, retired: false, termsHash: hash('terms'), ...terms },
  ])
  expect(await db.select().from(models)).toMatchObject([
    { floorPrice: 10n, floorCollateral: 20n, floorFee: 30n, floorLeakBps: 40, allowedLicence: 5 },
  ])
  expect(await db.select().from(edges)).toMatchObject([{ child: '2', parent: '1', relation: 'merge' }])
  expect(await db.select().from(ancestors).orderBy(asc(ancestors.position))).toEqual([
    { modelId: '2', ancestor: '9', royaltyBps: 50, position: 0 },
    { modelId: '2', ancestor: '1', royaltyBps: 250, position: 1 },
  ])
  expect(await db.select().from(versions)).toMatchObject([{ modelId: '2', version: 1, uri: 'test:1' }])
})

test('behavior: a version is published by the majority of that time', async () => {
  await sharesEvent('MajorityLost', { holder: creator })
  expect(await database.db.select().from(models)).toMatchObject([{ majority: null }])
  await sharesEvent('MajorityAnnounced', { holder: buyer })
  await modelEvent('VersionAdded', { id: 2n, version: 2, manifestRoot: hash('files'), metadataURI: 'test:2' })
  const publishers = await database.db.select().from(versions).orderBy(asc(versions.version))
  expect(publishers).toMatchObject([{ publisher: creator }, { publisher: buyer }])
  expect(await database.db.select().from(models)).toMatchObject([{ creator, majority: buyer, version: 2 }])
})

test('behavior: an order that is not delivered is refunded', async () => {
  await ordered(1n)
  expect(await copy(1n)).toMatchObject({ modelId: '2', state: 'ordered', buyer, minter, deliverDeadline: 9, ...paid })
  await copyEvent('Refunded', { id: 1n, penalty: 5n, left: 0n })
  expect(await copy(1n)).toMatchObject({ state: 'refunded', collateral: 0n })
})

test('behavior: a copy is delivered, accepted, given more collateral, and closed', async () => {
  await ordered(2n)
  await copyEvent('Delivered', { id: 2n, ...delivery, acceptDeadline: 20n })
  expect(await copy(2n)).toMatchObject({ state: 'delivered', acceptDeadline: 20, redelivered: false, ...delivery })
  await copyEvent('Accepted', { id: 2n }, hash('accept'))
  expect(await copy(2n)).toMatchObject({ state: 'active', acceptTx: hash('accept') })
  expect(await database.db.select().from(models)).toMatchObject([{ copiesSold: 1 }])
  await copyEvent('CollateralAdded', { id: 2n, payer, amount: 100n, collateral: 600n })
  await copyEvent('Closing', { id: 2n, thawEndsAt: 30n })
  expect(await copy(2n)).toMatchObject({ state: 'closing', collateral: 600n, thawEndsAt: 30 })
  await copyEvent('Closed', { id: 2n })
  await copyEvent('CollateralReturned', { id: 2n, amount: 350n, left: 250n })
  expect(await copy(2n)).toMatchObject({ state: 'closed', collateral: 250n })
})

test('behavior: a delivery is refused, delivered again, refused and defended, and the court rules', async () => {
  await ordered(5n)
  await copyEvent('Delivered', { id: 5n, ...delivery, acceptDeadline: 20n })
  await copyEvent('DeliveryRefused', { id: 5n, reason: 2, evidence: 'another root', answerDeadline: 30n })
  expect(await copy(5n)).toMatchObject({
    ...{ state: 'refused', reason: 'files', evidence: 'another root', answerDeadline: 30 },
  })
  await copyEvent('Delivered', { id: 5n, ...delivery, acceptDeadline: 40n })
  expect(await copy(5n)).toMatchObject({ state: 'delivered', redelivered: true, reason: null, answerDeadline: null })
  await copyEvent('DeliveryRefused', { id: 5n, reason: 5, evidence: '', answerDeadline: 50n })
  await copyEvent('DeliveryDefended', { id: 5n, caseDeadline: 60n })
  expect(await copy(5n)).toMatchObject({ state: 'defended', reason: 'answers', answerDeadline: 60 })
  await copyEvent('DeliveryContested', { id: 5n, court: payer })
  expect(await copy(5n)).toMatchObject({ state: 'contested', answerDeadline: null })
  await copyEvent('DeliveryRuled', { id: 5n, court: payer, ruling: 2 })
  await copyEvent('Refunded', { id: 5n, penalty: 5n, left: 250n })
  expect(await copy(5n)).toMatchObject({ state: 'refunded', collateral: 250n, thawEndsAt: expect.any(Number) })
})

test('behavior: what happened to a copy is kept in order', async () => {
  const happened = await database.db
    .select()
    .from(copyEvents)
    .where(eq(copyEvents.copyId, toCopyId(5n)))
    .orderBy(asc(copyEvents.block))
  expect(happened.map(({ event, facts }) => [event, facts])).toEqual([
    ['ordered', {}],
    ['delivered', {}],
    ['refused', { reason: 'files', evidence: 'another root' }],
    ['delivered', {}],
    ['refused', { reason: 'answers', evidence: '' }],
    ['defended', {}],
    ['contested', {}],
    ['ruled', { ruling: 'defective' }],
    ['refunded', { penalty: '5' }],
  ])
})

test('behavior: a minter puts up a bond, joins, pays a penalty, is barred, and leaves', async () => {
  const row = async () => (await database.db.select().from(minters))[0]
  await minterEvent('BondAdded', { minter, amount: 100n, bond: 100n })
  expect(await row()).toMatchObject({ address: minter, listed: false, bond: 100n, joinedAt: null })
  await minterEvent('Joined', { minter })
  const { joinedAt } = await row()
  await minterEvent('Penalized', { minter, buyer, amount: 5n, bond: 95n })
  await minterEvent('Penalized', { minter, buyer, amount: 5n, bond: 90n })
  await minterEvent('BarredSet', { minter, barred: true })
  expect(await row()).toMatchObject({
    listed: true,
    barred: true,
    bond: 90n,
    penalties: 10n,
    joinedAt: expect.any(Number),
  })
  await minterEvent('Leaving', { minter, notBefore: 77n })
  expect(await row()).toMatchObject({ listed: false, leavesAt: 77 })
  await minterEvent('Joined', { minter })
  expect(await row()).toMatchObject({ listed: true, leavesAt: null, joinedAt })
  await minterEvent('Leaving', { minter, notBefore: 99n })
  await minterEvent('Left', { minter, bond: 90n })
  expect(await row()).toMatchObject({ listed: false, bond: 0n, leavesAt: null })
})

test('behavior: votes go to who they are delegated to, and back', async () => {
  const { db } = database
  await sharesEvent('DelegateChanged', { delegator: creator, fromDelegate: creator, toDelegate: buyer })
  await sharesEvent('DelegateVotesChanged', { delegate: creator, previousVotes: 10n, newVotes: 0n })
  await sharesEvent('DelegateVotesChanged', { delegate: buyer, previousVotes: 0n, newVotes: 10n })
  expect(await db.select().from(votes).orderBy(desc(votes.votes))).toEqual([
    { token: shares, account: buyer, votes: 10n },
    { token: shares, account: creator, votes: 0n },
  ])
  expect(await db.select().from(delegations)).toEqual([{ token: shares, account: creator, delegate: buyer }])
  await sharesEvent('DelegateChanged', { delegator: creator, fromDelegate: buyer, toDelegate: creator })
  expect(await db.select().from(delegations)).toEqual([])
})

test('behavior: a proposal is made, voted on, extended, queued and executed; another one is cancelled', async () => {
  const governed = emit(governor, modelGovernorAbi)
  const call = { targets: [modelRegistry], values: [0n], signatures: [''], calldatas: ['0x1234'] }
  const times = { voteStart: 1_800_086_400n, voteEnd: 1_800_691_200n }
  const make = (proposalId: bigint, description: string) =>
    governed('ProposalCreated', { proposalId, proposer: creator, ...call, ...times, description })
  const vote = (voter: Address, support: number, weight: bigint, reason = '') =>
    governed('VoteCast', { voter, proposalId: 7n, support, weight, reason })
  // before its factory has named it, it is anybody’s contract
  await make(5n, 'Of a stranger')
  expect(await database.db.select().from(proposals)).toEqual([])
  await emit(modelGovernorFactory, modelGovernorFactoryAbi)('GovernorCreated', { modelId: 1n, governor })
  await make(7n, 'A lower price')
  await make(8n, 'Retire')
  await vote(buyer, 1, 30n, 'fair')
  await vote(minter, 0, 20n)
  await vote(payer, 2, 5n)
  await vote(creator, 1, 1n)
  await vote(creator, 9, 100n)
  await governed('VoteCast', { voter: buyer, proposalId: 99n, support: 1, weight: 1n, reason: '' })
  await governed('ProposalExtended', { proposalId: 7n, extendedDeadline: 1_800_700_000n })
  await governed('ProposalQueued', { proposalId: 7n, etaSeconds: 1_800_959_200n })
  await governed('ProposalExecuted', { proposalId: 7n })
  await governed('ProposalCanceled', { proposalId: 8n })
  const [first, second, ...more] = await database.db.select().from(proposals).orderBy(asc(proposals.id))
  expect(first).toMatchObject({
    ...{ governor, id: '7', modelId: '1', proposer: creator, targets: [modelRegistry], calls: ['0x1234'] },
    ...{ description: 'A lower price', step: 'executed', voteStart: 1_800_086_400, voteEnd: 1_800_700_000 },
    ...{ executableFrom: 1_800_959_200, votesFor: 31n, votesAgainst: 20n, votesAbstain: 5n },
  })
  expect([second.id, second.step, more]).toEqual(['8', 'canceled', []])
  const cast = await database.db.select().from(proposalVotes).orderBy(asc(proposalVotes.block))
  expect(cast.map(({ voter, support, weight, reason }) => [voter, support, weight, reason])).toEqual([
    [buyer, 'for', 30n, 'fair'],
    [minter, 'against', 20n, ''],
    [payer, 'abstain', 5n, ''],
    [creator, 'for', 1n, ''],
  ])
})

test('behavior: a NUL in a text of the chain, which Postgres cannot store, stops nothing', async () => {
  await ordered(7n)
  await copyEvent('Delivered', { id: 7n, ...delivery, url: 'https://files.example/\0', acceptDeadline: 20n })
  await copyEvent('DeliveryRefused', { id: 7n, reason: 2, evidence: 'a\0b\0', answerDeadline: 30n })
  expect(await copy(7n)).toMatchObject({ url: 'https://files.example/\ufffd', evidence: 'a\ufffdb\ufffd' })
})

test('behavior: a model’s minters are named and dropped, and its key pool is fixed', async () => {
  const named = () => database.db.select().from(namedMinters)
  await modelEvent('MinterNamed', { id: 2n, minter, named: true })
  await modelEvent('MinterNamed', { id: 2n, minter, named: true })
  expect(await named()).toEqual([{ modelId: '2', minter }])
  await modelEvent('MinterNamed', { id: 2n, minter, named: false })
  expect(await named()).toEqual([])
  await modelEvent('KeyPoolSet', { id: 2n, version: 2, root: hash('pool') })
  const pools = await database.db.select().from(versions).orderBy(asc(versions.version))
  expect(pools).toMatchObject([{ keyPoolRoot: null }, { keyPoolRoot: hash('pool') }])
})

test('behavior: a copy that loses all its collateral is lost, whatever its state, and however late it is accepted', async () => {
  const slash = { court: payer, offence: hash('offence'), bounty: 0n }
  await ordered(3n)
  await copyEvent('Slashed', { id: 3n, ...slash, taken: 500n, left: 0n })
  expect(await copy(3n)).toMatchObject({ state: 'ordered', collateral: 0n })
  await copyEvent('Accepted', { id: 3n })
  expect(await copy(3n)).toMatchObject({ state: 'active', lost: true })

  await ordered(4n)
  await copyEvent('Accepted', { id: 4n })
  await copyEvent('Slashed', { id: 4n, ...slash, taken: 200n, left: 300n })
  expect(await copy(4n)).toMatchObject({ state: 'active', collateral: 300n })
  await copyEvent('FeesCovered', { id: 4n, amount: 100n, left: 200n })
  expect(await copy(4n)).toMatchObject({ state: 'active', collateral: 200n })
  await copyEvent('Slashed', { id: 4n, ...slash, taken: 200n, left: 0n })
  expect(await copy(4n)).toMatchObject({ state: 'active', lost: true, collateral: 0n })
})

test('behavior: a payment is booked after cuts for shareholders and every ancestor, under the copy that was accepted with it', async () => {
  const cuts = { protocolCut: 25n, proverCut: 25n, minterCut: 50n, minter }
  const tx = hash('accept and pay')
  await ordered(6n)
  await applyAll(
    logOf(copyRegistry, copyRegistryAbi)('Accepted', { id: 6n }, tx),
    logOf(treasury, treasuryAbi)('Paid', { id: 2n, payer: copyRegistry, amount: 1000n, ...cuts }, tx),
    logOf(treasury, treasuryAbi)('Paid', { id: 2n, payer, amount: 1000n, ...cuts }, tx),
  )
  const rows = await database.db
    .select()
    .from(ledger)
    .orderBy(asc(ledger.block), asc(ledger.logIndex), asc(ledger.modelId))
  expect(rows).toMatchObject([
    { modelId: '1', kind: 'royalty', descendant: '2', amount: 22n },
    { modelId: '2', kind: 'copy', copyId: '6', amount: 873n },
    { modelId: '9', kind: 'royalty', descendant: '2', amount: 4n },
    { modelId: '1', kind: 'royalty', descendant: '2', amount: 22n },
    { modelId: '2', kind: 'payment', copyId: null, amount: 873n },
    { modelId: '9', kind: 'royalty', descendant: '2', amount: 4n },
  ])
  expect(await database.db.select().from(models)).toMatchObject([{ earned: 2000n, income: 1800n }])
})

test('behavior: a fee that the usage ledger paid is named so', async () => {
  const cuts = { protocolCut: 0n, proverCut: 0n, minterCut: 0n, minter }
  await treasuryEvent('Paid', { id: 2n, payer: usageLedger, amount: 100n, ...cuts })
  const [newest] = await database.db
    .select()
    .from(ledger)
    .where(eq(ledger.modelId, toModelId(2n)))
    .orderBy(desc(ledger.logIndex))
  expect(newest).toMatchObject({ kind: 'usage', copyId: null, amount: 97n })
})

test('behavior: bonds are put up, locked, lost and returned', async () => {
  const bonds = () => database.db.select().from(originBonds).orderBy(asc(originBonds.version))
  const set = (version: number, owner: Address) =>
    originEvent('BondSet', { id: 2n, version, owner, amount: 100n, until: 900n })
  await set(1, creator)
  await originEvent('BondTaken', { id: 2n, version: 1, taken: 70n, bounty: 30n })
  await originEvent('BondWaits', { id: 2n, version: 2, owner: payer, amount: 100n })
  expect(await bonds()).toEqual([
    { modelId: '2', version: 1, owner: creator, amount: 30n, taken: 70n, until: 900 },
    { modelId: '2', version: 2, owner: payer, amount: 100n, taken: 0n, until: null },
  ])
  await originEvent('BondClaimed', { id: 2n, version: 2, owner: payer, amount: 100n })
  expect(await bonds()).toHaveLength(1)
  await originEvent('BondWaits', { id: 2n, version: 2, owner: payer, amount: 100n })
  await set(2, buyer)
  await originEvent('BondClaimed', { id: 2n, version: 1, owner: creator, amount: 30n })
  expect(await bonds()).toMatchObject([
    { owner: creator, amount: 0n, taken: 70n },
    { owner: buyer, amount: 100n, until: 900 },
  ])
})

test('behavior: entered ancestors earn from then on, out of the shareholders’ part', async () => {
  const { db } = database
  const entry = (ancestor: bigint, royaltyBps: number, displaced = 0n) =>
    originEvent('AncestorEntered', { id: 2n, ancestor, royaltyBps, displaced })
  await entry(3n, 5000)
  await entry(4n, 2000)
  await entry(5n, 5000, 4n)
  expect(await db.select().from(enteredAncestors).orderBy(asc(enteredAncestors.position))).toMatchObject([
    { modelId: '2', ancestor: '3', royaltyBps: 5000, position: 0 },
    { modelId: '2', ancestor: '5', royaltyBps: 5000, position: 1 },
  ])
  const tx = hash('after the entry')
  await treasuryEvent(
    'Paid',
    { id: 2n, payer, amount: 1000n, protocolCut: 0n, proverCut: 0n, minterCut: 0n, minter },
    tx,
  )
  const rows = await db.select().from(ledger).where(eq(ledger.tx, tx)).orderBy(asc(ledger.modelId))
  // The lineage’s 3 % stay whole. The entered ask 100 % of 97 %, and divide it.
  expect(rows.map(({ modelId, amount }) => [modelId, amount])).toEqual([
    ['1', 25n],
    ['2', 0n],
    ['3', 485n],
    ['5', 485n],
    ['9', 5n],
  ])
})

test('behavior: a user deposits and reserves, its host is paid, and what is left goes back', async () => {
  const { db } = database
  const [user, host] = [creator, buyer]
  const of = { copyId: 2n, user }
  await userEvent('Deposited', { user, payer, amount: 1000n, balance: 1000n })
  await userEvent('Reserved', { ...of, amount: 600n, reserved: 600n })
  await userEvent('ReleaseRequested', { ...of, leavesAt: 77n })
  expect(await db.select().from(reservations)).toMatchObject([{ copyId: '2', user, amount: 600n, leavesAt: 77 }])
  await userEvent('Reserved', { ...of, amount: 100n, reserved: 700n })
  await userEvent('Settled', { ...of, units: 30n, amount: 200n })
  await userEvent('Settled', { ...of, units: 5n, amount: 50n })
  await userEvent('HostPaid', { copyId: 2n, host, units: 35n, fees: 40n, earned: 210n }, hash('settle'))
  expect(await db.select().from(reservations)).toEqual([
    { copyId: '2', user, amount: 450n, settledUnits: 35n, settledAmount: 250n, leavesAt: null },
  ])
  await userEvent('ReleaseRequested', { ...of, leavesAt: 99n })
  await userEvent('Released', { ...of, amount: 450n })
  await userEvent('Withdrawn', { account: host, amount: 200n, balance: 10n })
  expect(await db.select().from(reservations)).toMatchObject([{ amount: 0n, settledUnits: 35n, leavesAt: null }])
  expect(await db.select().from(userBalances).orderBy(desc(userBalances.balance))).toEqual([
    { account: user, balance: 750n },
    { account: host, balance: 10n },
  ])
  expect(await db.select().from(settlements).orderBy(asc(settlements.logIndex))).toMatchObject([
    { copyId: '2', user, units: 30n, amount: 200n },
    { copyId: '2', user, units: 5n, amount: 50n },
  ])
  expect(await db.select().from(hostPayments)).toMatchObject([
    { copyId: '2', host, units: 35n, fees: 40n, earned: 210n, tx: hash('settle') },
  ])
})

test('behavior: claims of one account add up', async () => {
  for (const amount of [30n, 12n]) await treasuryEvent('Claimed', { id: 2n, account: creator, amount })
  expect(await database.db.select().from(claims)).toEqual([{ modelId: '2', account: creator, amount: 42n }])
})

test('behavior: shares are minted, moved and burned; the zero address holds none', async () => {
  await sharesEvent('Transfer', { from: zeroAddress, to: creator, value: 1000n })
  await sharesEvent('Transfer', { from: creator, to: buyer, value: 250n })
  await sharesEvent('Transfer', { from: buyer, to: zeroAddress, value: 50n })
  expect(await database.db.select().from(holders).orderBy(asc(holders.shares))).toEqual([
    { token: shares, account: buyer, shares: 200n },
    { token: shares, account: creator, shares: 750n },
  ])
})

test('behavior: a retired model stays, and an unknown event changes nothing', async () => {
  await modelEvent('Retired', { id: 2n })
  await copyEvent('DisputeOpened', { id: 2n, court: payer, openDisputes: 1 })
  const unknown = eventLog({ address: treasury, abi: erc20Abi, index: index++ }, 'Approval', {
    owner: creator,
    spender: buyer,
    value: 1n,
  })
  await apply([unknown], database.db, contracts, index)
  expect(await database.db.select().from(models)).toMatchObject([{ id: '2', retired: true }])
})

import { ponder } from 'ponder:registry'
import { balances, copies, copyEvents, holders, ledger, models, reservations, versions } from 'ponder:schema'

ponder.on('Models:Registered', async ({ event, context: { db } }) => {
  const { id, creator, shares } = event.args
  await db.insert(models).values({ id, creator, shares, version: 0, price: 0n, earned: 0n, lineage: [] })
})

ponder.on('Models:LineageSet', async ({ event, context: { db } }) => {
  const lineage = event.args.lineage.map(({ id, royaltyBps }) => ({ id: `${id}`, royaltyBps }))
  await db.update(models, { id: event.args.id }).set({ lineage })
})

ponder.on('Models:VersionAdded', async ({ event, context: { db } }) => {
  const { id, version, manifestRoot, metadataURI: uri } = event.args
  await db.insert(versions).values({ modelId: id, version, manifestRoot, uri })
  await db.update(models, { id }).set({ version })
})

ponder.on('Models:TermsSet', async ({ event, context: { db } }) => {
  await db.update(models, { id: event.args.id }).set({ price: event.args.terms.price })
})

const happened = (db, event, copyId, name) =>
  db.insert(copyEvents).values({ id: event.id, copyId, event: name, at: event.block.timestamp })

ponder.on('Copies:Ordered', async ({ event, context: { db } }) => {
  const { id, modelId, buyer } = event.args
  await db.insert(copies).values({ id, modelId, buyer, state: 'ordered', orderedAt: event.block.timestamp })
  await happened(db, event, id, 'ordered')
})

ponder.on('Copies:Delivered', async ({ event, context: { db } }) => {
  const { id, artifactRoot, sealedKey, url } = event.args
  await db.update(copies, { id }).set({ state: 'delivered', artifactRoot, sealedKey, url })
  await happened(db, event, id, 'delivered')
})

ponder.on('Copies:Accepted', async ({ event, context: { db } }) => {
  const { id } = event.args
  await db.update(copies, { id }).set({ state: 'accepted' })
  await happened(db, event, id, 'accepted')
})

ponder.on('Treasury:Paid', async ({ event, context: { db } }) => {
  const { id, amount, protocolCut, proverCut, minterCut } = event.args
  const income = amount - protocolCut - proverCut - minterCut
  const model = await db.find(models, { id })
  const line = (modelId, paid) =>
    db.insert(ledger).values({ id: `${event.id} ${modelId}`, modelId, amount: paid, at: event.block.timestamp })
  let left = income
  for (const { id: ancestor, royaltyBps } of model.lineage) {
    const royalty = (income * BigInt(royaltyBps)) / 10_000n
    left -= royalty
    await line(BigInt(ancestor), royalty)
    await db.update(models, { id: BigInt(ancestor) }).set((row) => ({ earned: row.earned + royalty }))
  }
  await line(id, left)
  await db.update(models, { id }).set((row) => ({ earned: row.earned + amount }))
})

ponder.on('Users:Deposited', async ({ event, context: { db } }) => {
  const { user: account, balance } = event.args
  await db.insert(balances).values({ account, balance }).onConflictDoUpdate({ balance })
})

ponder.on('Users:Reserved', async ({ event, context: { db } }) => {
  const { copyId, user, amount, reserved } = event.args
  await db.insert(reservations).values({ copyId, user, amount: reserved }).onConflictDoUpdate({ amount: reserved })
  await db
    .insert(balances)
    .values({ account: user, balance: -amount })
    .onConflictDoUpdate((row) => ({ balance: row.balance - amount }))
})

ponder.on('Shares:Transfer', async ({ event, context: { db } }) => {
  const { from, to, value } = event.args
  const token = event.log.address
  for (const [account, moved] of [
    [from, -value],
    [to, value],
  ])
    await db
      .insert(holders)
      .values({ token, account, shares: moved })
      .onConflictDoUpdate((row) => ({ shares: row.shares + moved }))
})

import { onchainTable, primaryKey } from 'ponder'

export const models = onchainTable('models', (t) => ({
  id: t.bigint().primaryKey(),
  creator: t.hex().notNull(),
  shares: t.hex().notNull(),
  version: t.integer().notNull(),
  price: t.bigint().notNull(),
  earned: t.bigint().notNull(),
  lineage: t.json().notNull(),
}))

export const versions = onchainTable(
  'versions',
  (t) => ({
    modelId: t.bigint().notNull(),
    version: t.integer().notNull(),
    manifestRoot: t.hex().notNull(),
    uri: t.text().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.modelId, table.version] }) }),
)

export const copies = onchainTable('copies', (t) => ({
  id: t.bigint().primaryKey(),
  modelId: t.bigint().notNull(),
  buyer: t.hex().notNull(),
  state: t.text().notNull(),
  artifactRoot: t.hex(),
  sealedKey: t.hex(),
  url: t.text(),
  orderedAt: t.bigint().notNull(),
}))

export const copyEvents = onchainTable('copy_events', (t) => ({
  id: t.text().primaryKey(),
  copyId: t.bigint().notNull(),
  event: t.text().notNull(),
  at: t.bigint().notNull(),
}))

export const ledger = onchainTable('ledger', (t) => ({
  id: t.text().primaryKey(),
  modelId: t.bigint().notNull(),
  amount: t.bigint().notNull(),
  at: t.bigint().notNull(),
}))

export const balances = onchainTable('balances', (t) => ({
  account: t.hex().primaryKey(),
  balance: t.bigint().notNull(),
}))

export const reservations = onchainTable(
  'reservations',
  (t) => ({ copyId: t.bigint().notNull(), user: t.hex().notNull(), amount: t.bigint().notNull() }),
  (table) => ({ pk: primaryKey({ columns: [table.copyId, table.user] }) }),
)

export const holders = onchainTable(
  'holders',
  (t) => ({ token: t.hex().notNull(), account: t.hex().notNull(), shares: t.bigint().notNull() }),
  (table) => ({ pk: primaryKey({ columns: [table.token, table.account] }) }),
)

import type { ClientBase } from 'pg'

const schemaLock = 0x6b6d6303

/**
 * The books that all gateways of a copy share. Amounts and units are whole numbers; costs in USDC of 12 decimals. Records are
 * those of the logs of a gateway that has its books to itself.
 */
const schema = `
create schema if not exists kinmark_gateway;
set local search_path = kinmark_gateway;

-- One row a copy. Whoever changes anything of the copy holds it.
create table if not exists books (
  id serial primary key,
  chain_id bigint not null,
  usage_ledger text not null,
  copy_id numeric(78) not null,
  epoch numeric(20) not null,
  count numeric(20) not null default 0,
  units numeric(20) not null default 0,
  unique (chain_id, usage_ledger, copy_id)
);

-- Gateways that run. Each holds an advisory lock of its number while it is connected.
create table if not exists gateways (
  id serial primary key,
  books int not null references books,
  operator text not null,
  cap numeric(20) not null,
  open_units numeric(78) not null default 0,
  missed_at timestamptz
);

-- What calls that run at a gateway may still cost an account or a purse. It ends with its gateway.
create table if not exists promises (
  gateway int not null references gateways on delete cascade,
  name text not null,
  units numeric(78) not null,
  cost numeric(78) not null,
  primary key (gateway, name)
);

create table if not exists accounts (
  books int not null references books,
  holder text not null,
  record bytea not null,
  used jsonb not null,
  primary key (books, holder)
);

-- A customer's budget is the copy's, with no operator. A payer's credit is with the operator key that was paid.
create table if not exists purses (
  books int not null references books,
  owner text not null,
  operator text not null,
  paid numeric(78) not null,
  spent numeric(78) not null,
  primary key (books, owner, operator)
);

create table if not exists epochs (
  books int not null references books,
  epoch numeric(20) not null,
  primary key (books, epoch)
);

create table if not exists receipts (
  books int not null references books,
  epoch numeric(20) not null,
  index numeric(20) not null,
  id bytea not null,
  leaf bytea not null,
  units numeric(20) not null,
  operator text not null,
  record bytea not null,
  primary key (books, epoch, index),
  unique (books, id)
);

create table if not exists payments (
  books int not null references books,
  payer text not null,
  nonce text not null,
  name text,
  operator text not null,
  state text not null,
  valid_before numeric(78) not null,
  record bytea not null,
  primary key (books, payer, nonce),
  unique (books, payer, name)
);

create table if not exists keys (
  chain_id bigint not null,
  copy_id numeric(78) not null,
  hash text not null,
  name text not null,
  budget numeric(78),
  per_minute int,
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  primary key (chain_id, copy_id, hash)
);

-- Calls a minute, as rate-limiter-flexible counts them.
create table if not exists calls (
  key varchar(255) primary key,
  points int not null default 0,
  expire bigint
);
`

/** Makes the tables where they are not there yet, one process after the other. */
export async function prepareSchema(client: ClientBase): Promise<void> {
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock($1)', [schemaLock])
  await client.query(schema)
  await client.query('commit')
}

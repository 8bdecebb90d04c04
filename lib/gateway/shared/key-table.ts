import type { Address, Hex } from 'viem'
import { type CustomerKey, idOfKey, type KeyStore } from '../keys/customer-key'
import { openReader, type Reader } from './connection'
import { prepareSchema } from './schema'

type Row = {
  hash: Hex
  name: string
  budget: string | null
  per_minute: number | null
  created_at: string
  expires_at: string | null
  revoked_at: string | null
}

/** Keys of a copy’s customers in the database that its gateways share. */
export function keyTable(reader: Reader, { chainId, copyId }: { chainId: number; copyId: bigint }): KeyStore {
  const own = [chainId, `${copyId}`]
  const select = async (where: string, ...values: unknown[]): Promise<CustomerKey[]> => {
    const text = `select * from kinmark_gateway.keys where chain_id = $1 and copy_id = $2 ${where} order by created_at, hash`
    return (await reader.query(text, [...own, ...values])).rows.map(keyOf)
  }
  return {
    find: async (hash) => (await select('and hash = $3', hash))[0] ?? null,
    list: () => select(''),
    async add({ hash, name, budget, perMinute, createdAt, expiresAt, revokedAt }) {
      await reader.query(
        `insert into kinmark_gateway.keys
           (chain_id, copy_id, hash, name, budget, per_minute, created_at, expires_at, revoked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [...own, hash, name, budget === null ? null : `${budget}`, perMinute, createdAt, expiresAt, revokedAt],
      )
    },
    async revoke(id, at) {
      const found = (await select('')).find((key) => idOfKey(key) === id)
      if (!found) return null
      await reader.query(
        `update kinmark_gateway.keys set revoked_at = coalesce(revoked_at, $4)
         where chain_id = $1 and copy_id = $2 and hash = $3`,
        [...own, found.hash, at],
      )
      return (await select('and hash = $3', found.hash))[0]
    },
  }
}

type About = { chainId: number; usageLedger: Address; copyId: bigint }

/** The keys, and what they have spent (USDC of 12 decimals), for a command that runs beside the gateways. */
export async function openKeyTable(url: string, { chainId, usageLedger, copyId }: About) {
  const reader = openReader(url)
  const client = await reader.pool.connect()
  await prepareSchema(client).finally(() => client.release())
  return {
    keys: keyTable(reader, { chainId, copyId }),
    async spent(): Promise<Map<Hex, bigint>> {
      const { rows } = await reader.query(
        `select owner, spent from kinmark_gateway.purses join kinmark_gateway.books on id = books
         where chain_id = $1 and usage_ledger = $2 and copy_id = $3 and operator = ''`,
        [chainId, usageLedger, `${copyId}`],
      )
      return new Map(rows.map(({ owner, spent }) => [owner, BigInt(spent)]))
    },
    close: reader.close,
  }
}

function keyOf(row: Row): CustomerKey {
  const seconds = (text: string | null) => (text === null ? null : Number(text))
  return {
    ...{ hash: row.hash, name: row.name, perMinute: row.per_minute },
    budget: row.budget === null ? null : BigInt(row.budget),
    createdAt: Number(row.created_at),
    expiresAt: seconds(row.expires_at),
    revokedAt: seconds(row.revoked_at),
  }
}

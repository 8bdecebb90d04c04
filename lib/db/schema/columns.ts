import { bigint, customType, numeric } from 'drizzle-orm/pg-core'

/** uint256 and USDC amounts: exact, never a float. */
export const amount = (name: string) => numeric(name, { precision: 78, scale: 0, mode: 'bigint' })
/** Unix seconds. */
export const seconds = (name: string) => bigint(name, { mode: 'number' })
/** Text in the order of its bytes, so that an index finds beginnings. */
export const inBytes = customType<{ data: string }>({ dataType: () => 'text collate "C"' })
export const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

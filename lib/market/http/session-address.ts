import 'server-only'
import type { Address } from 'viem'
import { openSession } from './session'

/** The signed-in account, or null. */
export async function sessionAddress(): Promise<Address | null> {
  return (await openSession()).address ?? null
}

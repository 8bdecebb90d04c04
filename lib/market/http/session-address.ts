import 'server-only'
import type { Address } from 'viem'
import { openSession } from './session'

/** Who is signed in, or null. */
export async function sessionAddress(): Promise<Address | null> {
  return (await openSession()).address ?? null
}

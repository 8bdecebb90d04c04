import 'server-only'
import type { NextRequest, NextWork, WorkWanted } from '../../minting/next'
import { claimVersion } from './claim-version'
import { leaseOrder } from './lease-order'
import { claimListening } from './listenings'
import { nextOpening } from './next-opening'
import { nextRefusal } from './next-refusal'
import { nextQuoteRequest } from './quotes'

/** The next long work of a minter: orders before all else. Null if there is none. */
export async function nextWork({ first }: WorkWanted): Promise<NextWork | null> {
  const order = await leaseOrder()
  if (order) return { kind: 'order', order }
  return first === 'version' ? ((await nextVersion()) ?? nextListening()) : ((await nextListening()) ?? nextVersion())
}

async function nextVersion(): Promise<NextWork | null> {
  const version = await claimVersion()
  return version && { kind: 'version', version }
}

async function nextListening(): Promise<NextWork | null> {
  const listening = await claimListening()
  return listening && { kind: 'listening', listening }
}

/** The next that a minter answers at once; null if there is none. */
export async function nextRequest(): Promise<NextRequest | null> {
  const quote = await nextQuoteRequest()
  if (quote) return { kind: 'quote', quote }
  const refusal = await nextRefusal()
  if (refusal) return { kind: 'refusal', refusal }
  const opening = await nextOpening()
  return opening && { kind: 'opening', opening }
}

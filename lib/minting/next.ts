import { z } from 'zod'
import { listeningWorkSchema } from './listening'
import { openingSchema } from './opening'
import { mintOrderSchema } from './order'
import { quoteRequestSchema } from './quote-request'
import { refusalSchema } from './refusal'
import { versionWorkSchema } from './version-work'

// A minter asks for its next work once a second, and for what it answers at once twice a second: each is one request.

/** Which of versions and recorded answers a minter takes if both wait: it changes each time, so that neither waits for all of the other. */
export const workWantedSchema = z.object({ first: z.enum(['version', 'listening']) })
export type WorkWanted = z.infer<typeof workWantedSchema>

/** Long work: an order, a version without a key pool, or recorded answers. */
export const nextWorkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), order: mintOrderSchema }),
  z.object({ kind: z.literal('version'), version: versionWorkSchema }),
  z.object({ kind: z.literal('listening'), listening: listeningWorkSchema }),
])
export type NextWork = z.infer<typeof nextWorkSchema>

/** A minter answers these without waiting for long work: a buyer's request for a quote, a refusal, or keys that a court wants opened. */
export const nextRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quote'), quote: quoteRequestSchema }),
  z.object({ kind: z.literal('refusal'), refusal: refusalSchema }),
  z.object({ kind: z.literal('opening'), opening: openingSchema }),
])
export type NextRequest = z.infer<typeof nextRequestSchema>

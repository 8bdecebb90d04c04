import { z } from 'zod'
import { listeningWorkSchema } from './listening'
import { openingSchema } from './opening'
import { mintOrderSchema } from './order'
import { quoteRequestSchema } from './quote-request'
import { refusalSchema } from './refusal'
import { versionWorkSchema } from './version-work'

// What a minter is given next. It asks for either once or twice a second, so each comes by one request.

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

/** What does not wait for long work: a buyer's request for a quote, a refusal to answer, or keys to open for a court. */
export const nextRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quote'), quote: quoteRequestSchema }),
  z.object({ kind: z.literal('refusal'), refusal: refusalSchema }),
  z.object({ kind: z.literal('opening'), opening: openingSchema }),
])
export type NextRequest = z.infer<typeof nextRequestSchema>

import { z } from 'zod'
import { account, earning, hash, id, pageOf, report, seconds, usdc } from './schemas'
import { type WebhookTopic, webhookTopics } from './webhook-topics'

/** What webhooks tell, and how: Standard Webhooks, https://www.standardwebhooks.com. */

const copyFacts = { copy: id, model: id, buyer: account, minter: account, at: seconds, tx: hash }
const copyEvent = z.object(copyFacts).meta({ id: 'CopyEvent' })
const refusal = z.object({ ...copyFacts, reason: z.string(), evidence: z.string() }).meta({ id: 'RefusalEvent' })
const ruling = z.object({ ...copyFacts, ruling: z.string() }).meta({ id: 'RulingEvent' })
const refund = z.object({ ...copyFacts, penalty: usdc }).meta({ id: 'RefundEvent' })
const slash = z.object({ ...copyFacts, taken: usdc, left: usdc }).meta({ id: 'SlashEvent' })
const challengeFacts = { copy: id, model: id, at: seconds, tx: hash }
const challenge = z.object(challengeFacts).meta({ id: 'ChallengeEvent' })
const opened = z
  .object({ ...challengeFacts, challenger: account, epoch: z.int(), index: z.string() })
  .meta({ id: 'ChallengeOpenedEvent' })
const conviction = z
  .object({ ...challengeFacts, challenger: account, offence: hash, taken: usdc })
  .meta({ id: 'ConvictionEvent' })
const bounty = z.object({ ...challengeFacts, to: account, amount: usdc }).meta({ id: 'BountyEvent' })
const caseFacts = { case: z.int(), copy: id.nullable(), model: id, at: seconds, tx: hash }
const courtEvent = z.object(caseFacts).meta({ id: 'CaseEvent' })
const byOpener = z.object({ ...caseFacts, opener: account, evidence: z.string() }).meta({ id: 'CaseOpenedEvent' })
const answered = z.object({ ...caseFacts, answer: z.string(), until: seconds }).meta({ id: 'CaseAnsweredEvent' })
const drawn = z
  .object({ ...caseFacts, panel: z.array(account), commitUntil: seconds, revealUntil: seconds })
  .meta({ id: 'PanelDrawnEvent' })
const verdict = z.object({ ...caseFacts, verdict: z.string() }).meta({ id: 'VerdictEvent' })

const hostFacts = { copy: id, model: id, at: seconds }
const debt = z.object({ ...hostFacts, owed: usdc, until: seconds.nullable() }).meta({ id: 'HostOwesEvent' })
const collateralLow = z
  .object({ ...hostFacts, unitsCovered: z.string(), usualUnits: z.string() })
  .meta({ id: 'HostCollateralLowEvent' })
const escrowLow = z.object({ ...hostFacts, escrow: usdc, needed: usdc }).meta({ id: 'HostEscrowLowEvent' })
const unreachable = z.object({ ...hostFacts, deployment: z.int() }).meta({ id: 'HostUnreachableEvent' })
const priceLow = z
  .object({ ...hostFacts, deployment: z.int(), price: usdc, fee: usdc })
  .meta({ id: 'HostPriceLowEvent' })

/** What each type of event says, with the topic that it belongs to. */
export const webhookEvents = {
  'order.placed': event('orders', 'A copy was ordered', copyEvent.extend({ price: usdc }).meta({ id: 'OrderEvent' })),
  'order.refunded': event('orders', 'An order was refunded', refund),
  'delivery.made': event('deliveries', 'The minter delivered a copy', copyEvent),
  'delivery.accepted': event('deliveries', 'A copy was accepted and paid', copyEvent),
  'delivery.refused': event('deliveries', 'The buyer refused a delivery', refusal),
  'delivery.defended': event('deliveries', 'The minter stands by its delivery', copyEvent),
  'delivery.contested': event('deliveries', 'A refused delivery is before a court', copyEvent),
  'delivery.ruled': event('deliveries', 'The court ruled on a refused delivery', ruling),
  'copy.closing': event('orders', 'The buyer gave up the licence of a copy', copyEvent),
  'copy.closed': event('orders', 'A copy was closed', copyEvent),
  'copy.slashed': event('challenges', 'Collateral of a copy was taken for an offence', slash),
  'payment.received': event('payments', 'A model’s shareholders earned', earning),
  'challenge.opened': event('challenges', 'A receipt is claimed to be missing from a report', opened),
  'challenge.answered': event('challenges', 'The host showed the receipt', challenge),
  'challenge.convicted': event('challenges', 'An offence was proven', conviction),
  'challenge.rewarded': event('challenges', 'The bounty of a conviction was paid', bounty),
  'report.filed': event('reports', 'A host reported an epoch', report),
  'case.opened': event('cases', 'A case was opened', byOpener),
  'case.joined': event('cases', 'Another opener joined a case', byOpener),
  'case.answered': event('cases', 'The accused answered', answered),
  'case.drawn': event('cases', 'The jurors of a case were drawn', drawn),
  'case.ruled': event('cases', 'A panel ruled', verdict),
  'case.appealed': event('cases', 'A ruling was appealed', courtEvent),
  'case.annulled': event('cases', 'The council annulled a conviction', courtEvent),
  'case.closed': event('cases', 'A case was closed', verdict),
  'host.collateral-low': event(
    'hosting',
    'The collateral covers less than two epochs like the last ones',
    collateralLow,
  ),
  'host.escrow-low': event('hosting', 'The prepaid fees do not cover an epoch like the last ones', escrowLow),
  'host.owes': event('hosting', 'A hosted copy owes fees', debt),
  'host.price-low': event('hosting', 'A deployment asks for less than the model’s fee', priceLow),
  'host.unreachable': event('hosting', 'A host does not answer as its deployment says', unreachable),
}

function event<Data extends z.ZodObject>(topic: WebhookTopic, summary: string, data: Data) {
  return { topic, summary, data }
}

export type WebhookEvents = typeof webhookEvents
export type WebhookEventType = keyof WebhookEvents

/** The body of a message. */
export const messageSchema = (type: string, data: z.ZodType) =>
  z.object({ type: z.literal(type), timestamp: z.iso.datetime(), data })

const webhookFacts = {
  id: z.string(),
  url: z.string(),
  topics: z.array(z.enum(webhookTopics)),
  createdAt: seconds,
  failingSince: seconds.nullable().meta({ description: 'No answer was a success since then' }),
  disabled: z
    .enum(['failing', 'gone'])
    .nullable()
    .meta({ description: 'Nothing is sent: no answer was a success for three days, or the answer was 410 Gone' }),
  disabledAt: seconds.nullable(),
  formerUntil: seconds
    .nullable()
    .meta({ description: 'Until then, messages are signed with the former secret as well' }),
}
const webhook = z.object(webhookFacts).meta({ id: 'Webhook' })
const newSecret = z
  .object({ ...webhookFacts, secret: z.string().meta({ description: 'It is shown once', example: 'whsec_…' }) })
  .meta({ id: 'WebhookWithSecret' })

const message = z
  .object({
    id: z.string().meta({ description: 'The header webhook-id' }),
    type: z.string(),
    createdAt: seconds,
    state: z.enum(['waiting', 'arrived', 'failed']),
    attempts: z.int(),
    dueAt: seconds.nullable().meta({ description: 'When it is sent next' }),
    arrivedAt: seconds.nullable(),
    payload: z.string().meta({ description: 'The body, byte for byte' }),
    tries: z
      .array(
        z.object({
          at: seconds,
          status: z.int().nullable(),
          ms: z.int(),
          answer: z.string().nullable().meta({ description: 'The beginning of the answer' }),
          reason: z.string().nullable().meta({ description: 'Why there was no answer' }),
        }),
      )
      .meta({ description: 'The newest 20, the newest first' }),
  })
  .meta({ id: 'WebhookMessage' })

export const webhookBody = z.object({
  url: z
    .string()
    .min(1)
    .max(2000)
    .meta({ description: 'Where messages are posted to, by https', example: 'https://example.com/kinmark' }),
  topics: z.array(z.enum(webhookTopics)).min(1).max(webhookTopics.length),
})

export const webhookAnswers = {
  webhook,
  newSecret,
  webhooks: z.object({ items: z.array(webhook) }),
  ended: z.object({ id: z.string() }).meta({ id: 'Ended' }),
  message,
  messages: pageOf(message),
  replayed: z.object({ messages: z.int() }).meta({ id: 'Replayed', description: 'How many are sent again' }),
}

export type WebhookView = z.infer<typeof webhook>
export type WebhookWithSecret = z.infer<typeof newSecret>
export type MessageView = z.infer<typeof message>

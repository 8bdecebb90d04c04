import 'server-only'
import type { Address } from 'viem'
import type { z } from 'zod'
import type { EndpointName, Endpoints, Given } from '../../api/endpoints'
import { market } from '../context/context'
import { rateLimit } from '../http/rate-limit'
import { listMessages, replayFailed, replayMessage, sendTest } from '../webhooks/messages'
import { changeSecret, createWebhook, enableWebhook, endWebhook, listWebhooks } from '../webhooks/webhooks'

export type WebhookEndpoint = Extract<EndpointName, `${string}Webhook${string}`>
type Answer<Name extends EndpointName> = z.input<Endpoints[Name]['answer']>
type Answers = { [Name in WebhookEndpoint]: (given: Given<Name>, asker: Address) => Promise<Answer<Name>> }

/** Changes of an account’s webhooks a minute: each test and replay sends something. */
const mostChanges = 30

async function changing(asker: Address) {
  await rateLimit(`webhooks ${asker}`, mostChanges)
  return market()
}

/** What the endpoints about webhooks answer to their owner. */
export const webhookAnswersOf: Answers = {
  listWebhooks: async (_, asker) => ({ items: await listWebhooks(await market(), asker) }),
  createWebhook: async (given, asker) => createWebhook(await changing(asker), asker, given),
  async endWebhook({ webhook }, asker) {
    await endWebhook(await changing(asker), asker, webhook)
    return { id: webhook }
  },
  changeWebhookSecret: async ({ webhook }, asker) => changeSecret(await changing(asker), asker, webhook),
  testWebhook: async ({ webhook }, asker) => sendTest(await changing(asker), asker, webhook),
  enableWebhook: async ({ webhook }, asker) => enableWebhook(await changing(asker), asker, webhook),
  replayWebhook: async ({ webhook }, asker) => ({
    messages: await replayFailed(await changing(asker), asker, webhook),
  }),
  listWebhookMessages: async ({ webhook, ...paging }, asker) => listMessages(await market(), asker, webhook, paging),
  replayWebhookMessage: async ({ webhook, message }, asker) =>
    replayMessage(await changing(asker), asker, webhook, message),
}

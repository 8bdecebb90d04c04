/** What a webhook can ask to hear of. */
export const webhookTopics = ['orders', 'deliveries', 'payments', 'challenges', 'reports', 'cases'] as const
export type WebhookTopic = (typeof webhookTopics)[number]

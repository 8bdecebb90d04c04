/** What a webhook can ask to hear of. */
export const webhookTopics = ['orders', 'deliveries', 'payments', 'challenges', 'reports', 'cases', 'hosting'] as const
export type WebhookTopic = (typeof webhookTopics)[number]

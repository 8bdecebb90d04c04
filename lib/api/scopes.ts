/**
 * What an API token allows beyond reading what everybody may read.
 * - `copies:read`: download the account's copies.
 * - `copies:order`: ask for quotes. Paying needs the account's key.
 * - `models:trace`: let the minting side judge recorded answers, to name the copies that wrote them.
 * - `models:publish`: upload drafts. Registering them needs the account's key.
 * - `webhooks`: list, make, change and end the account's webhooks.
 */
export const apiScopes = ['copies:read', 'copies:order', 'models:publish', 'models:trace', 'webhooks'] as const
export type ApiScope = (typeof apiScopes)[number]

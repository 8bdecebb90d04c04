/**
 * What an API token allows beyond reading what everybody may read.
 * - `copies:read`: download the account's copies.
 * - `copies:order`: ask for quotes. Paying needs the account's key.
 * - `models:publish`: upload drafts. Registering them needs the account's key.
 */
export const apiScopes = ['copies:read', 'copies:order', 'models:publish'] as const
export type ApiScope = (typeof apiScopes)[number]

import 'server-only'

/** Browsers that have come over TLS never come without it again, for two years. */
export const hsts = ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'] as const

import type { NextConfig } from 'next'

// With the opener policy below, these give workers SharedArrayBuffer, with which WebAssembly uses several threads.
const everywhere = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'credentialless' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
]
/** Scripts, styles and fonts have no use for the rest. */
const pages = [
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
]

export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // A page is painted one round trip earlier: its styles come with it.
  experimental: { inlineCss: true },
  // Title and description stand in every page’s head, and a page that does not exist is answered as such.
  htmlLimitedBots: /.*/,
  // npm run check checks the types; a start need not wait for that.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@electric-sql/pglite',
    'pg',
    'pg-boss',
    'onnxruntime-node',
    '@tus/server',
    '@tus/file-store',
    '@tus/s3-store',
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    '@aws-sdk/s3-request-presigner',
    'prom-client',
    'rate-limiter-flexible',
  ],
  headers: async () => [
    { source: '/:path*', headers: everywhere },
    { source: '/((?!_next/static/).*)', headers: pages },
  ],
} satisfies NextConfig

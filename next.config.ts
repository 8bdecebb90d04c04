import type { NextConfig } from 'next'

const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
  // These three headers give workers SharedArrayBuffer, with which WebAssembly uses several threads.
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'credentialless' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
]

export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // npm run check checks the types; a start need not wait for that.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    '@electric-sql/pglite',
    'pg',
    'pg-boss',
    'onnxruntime-node',
    '@tus/server',
    '@tus/file-store',
    'prom-client',
    'rate-limiter-flexible',
  ],
  headers: async () => [{ source: '/:path*', headers }],
} satisfies NextConfig

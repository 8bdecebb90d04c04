import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from './lib/env'

const dev = process.env.NODE_ENV === 'development'

/**
 * Adds the Content-Security-Policy to pages, and over TLS HSTS. The policy names the chain’s RPC URL, which is known at run
 * time only, and a nonce, without which no script in the page runs.
 */
export function proxy(request: NextRequest) {
  const env = readEnv()
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  const policy = policyOf(env, nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  // Next reads the nonce for its own scripts from here.
  headers.set('Content-Security-Policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  if (env.origins[0].startsWith('https:'))
    response.headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  return response
}

function policyOf({ publicRpcUrl, walletConnectProjectId }: ReturnType<typeof readEnv>, nonce: string): string {
  const walletConnect = walletConnectProjectId ? ' https: wss:' : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${walletConnectProjectId ? ' https:' : ''}`,
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data: ${new URL(publicRpcUrl).origin}${dev ? ' ws:' : ''}${walletConnect}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = { matcher: ['/((?!api/|healthz|readyz|_next/static|_next/image|models/.*\\.).*)'] }

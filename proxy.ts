import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from './lib/env'

const dev = process.env.NODE_ENV === 'development'

/** Adds the Content-Security-Policy to pages. It names the chain’s RPC URL, which is known at run time only. */
export function proxy(_: NextRequest) {
  const { publicRpcUrl, walletConnectProjectId } = readEnv()
  const walletConnect = walletConnectProjectId ? ' https: wss:' : ''
  const response = NextResponse.next()
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${walletConnectProjectId ? ' https:' : ''}`,
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data: ${new URL(publicRpcUrl).origin}${dev ? ' ws:' : ''}${walletConnect}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]
  response.headers.set('Content-Security-Policy', policy.join('; '))
  return response
}

export const config = { matcher: ['/((?!api/|_next/static|_next/image|models/.*\\.).*)'] }

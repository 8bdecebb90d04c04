import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from './lib/env'

const dev = process.env.NODE_ENV === 'development'

/**
 * Adds the Content-Security-Policy to pages, and over TLS HSTS. The policy names the chain’s RPC URL, which is known at run
 * time only, on the page of a host that host, and a nonce, without which no script in the page runs.
 */
export async function proxy(request: NextRequest) {
  const env = readEnv()
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  const policy = policyOf(env, nonce, await hostOrigin(env, request.nextUrl.pathname))
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

/** Pages that call one host: of its users, and of its owner. */
const hostPages = /^\/(?:hosts|hosting)\/(\d{1,78}\/\d{1,9})$/

/** Where a host’s page may call, as the chain says: a stranger has announced it, so no other page may. */
async function hostOrigin({ site }: ReturnType<typeof readEnv>, path: string): Promise<string | null> {
  const [, deployment] = hostPages.exec(path) ?? []
  if (deployment === undefined) return null
  const answer = await fetch(`${site}/api/hosts/${deployment}/origin`).catch(() => null)
  if (!answer?.ok) return null
  const { origin } = (await answer.json()) as { origin: string | null }
  return origin
}

function policyOf(
  { publicRpcUrl, walletConnectProjectId }: ReturnType<typeof readEnv>,
  nonce: string,
  hostOrigin: string | null,
): string {
  const walletConnect = walletConnectProjectId ? ' https: wss:' : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${walletConnectProjectId ? ' https:' : ''}`,
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data: ${new URL(publicRpcUrl).origin}${hostOrigin ? ` ${hostOrigin}` : ''}${dev ? ' ws:' : ''}${walletConnect}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = { matcher: ['/((?!api/|healthz|readyz|_next/static|_next/image|models/.*\\.).*)'] }

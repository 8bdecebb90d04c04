import { securityText } from '@/lib/market/http/security-text'

export const dynamic = 'force-dynamic'

export function GET(): Response {
  const text = securityText()
  return new Response(text, {
    status: text === null ? 404 : 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}

import { json, route } from '@/lib/market/http/route'
import { signOut } from '@/lib/market/http/session'

export const POST = route(async () => {
  await signOut()
  return json({ address: null })
})

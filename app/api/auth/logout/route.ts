import { json, route } from '@/lib/market/route'
import { signOut } from '@/lib/market/session'

export const POST = route(async () => {
  await signOut()
  return json({ address: null })
})

import { market } from '@/lib/market/context/context'
import { approveDeviceLogin, denyDeviceLogin, deviceLogin } from '@/lib/market/http/device-logins'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'

type Params = { code: string }

/** Nobody guesses codes: an account may ask for a few. */
async function asker() {
  const account = await requireSession()
  await rateLimit(`login code ${account}`, 20)
  return { account, db: (await market()).db }
}

export const GET = route<Params>(async (_, { code }) => json(await deviceLogin((await asker()).db, code)))

export const POST = route<Params>(async (_, { code }) => {
  const { db, account } = await asker()
  await approveDeviceLogin(db, account, code)
  return json({ account })
})

export const DELETE = route<Params>(async (_, { code }) => {
  await denyDeviceLogin((await asker()).db, code)
  return json({ denied: code })
})

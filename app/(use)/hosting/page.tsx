import type { Metadata } from 'next'
import { HostingView } from '@/components/hosting/hosting-view'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import { sessionAddress } from '@/lib/market/http/session'
import { hostingOf } from '@/lib/market/read/hosting-of'

export const metadata: Metadata = { title: 'Hosting' }

export default async function HostingRoute() {
  const account = await sessionAddress()
  const hosting = account && (await hostingOf(account))
  return (
    <Page>
      <PageTitle title="Hosting">Serve your copies, and be paid for every answer.</PageTitle>
      <SignInFirst
        title="Your hosting"
        why="Connect the wallet that bought a copy to serve it and to see what it brings."
      >
        {hosting && <HostingView hosting={hosting} />}
      </SignInFirst>
    </Page>
  )
}

import type { Metadata } from 'next'
import { CopyList } from '@/components/copies/copy-list'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import { sessionAddress } from '@/lib/market/http/session'
import { listCopies } from '@/lib/market/read/list-copies'

export const metadata: Metadata = { title: 'My copies' }

export default async function CopiesPage() {
  const account = await sessionAddress()
  const copies = account ? await listCopies(account) : []
  return (
    <Page>
      <PageTitle title="My copies">The copies you bought, with their status, files and collateral.</PageTitle>
      <SignInFirst title="Sign in to see your copies" why="Only the account that bought a copy can see it here.">
        <CopyList copies={copies} />
      </SignInFirst>
    </Page>
  )
}

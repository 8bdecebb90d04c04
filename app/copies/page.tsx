import type { Metadata } from 'next'
import { CopyList } from '@/components/copies/copy-list'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import { sessionAddress } from '@/lib/market/http/session-address'
import { listCopies } from '@/lib/market/read/list-copies'

export const metadata: Metadata = { title: 'My copies' }

export default async function CopiesPage() {
  const account = await sessionAddress()
  const copies = account ? await listCopies(account) : []
  return (
    <Page>
      <PageTitle title="My copies">
        Every copy you bought: how far it is, its files, and the collateral behind it.
      </PageTitle>
      <SignInFirst
        title="Sign in to see your copies"
        why="Your copies and their files are shown to the account that bought them."
      >
        <CopyList copies={copies} />
      </SignInFirst>
    </Page>
  )
}

import type { Metadata } from 'next'
import { EarningsView } from '@/components/earnings/earnings-view'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import { sessionAddress } from '@/lib/market/http/session'
import { earningsOf } from '@/lib/market/read/earnings-of'

export const metadata: Metadata = { title: 'Earnings' }

export default async function EarningsPage() {
  const account = await sessionAddress()
  const earnings = account ? await earningsOf(account) : null
  return (
    <Page>
      <PageTitle title="Earnings">What your models and their descendants earned, and what you can claim.</PageTitle>
      <SignInFirst title="Sign in to see your earnings" why="Earnings are shown to the account that holds the shares.">
        {earnings && <EarningsView earnings={earnings} />}
      </SignInFirst>
    </Page>
  )
}

import type { Metadata } from 'next'
import { CourtsView } from '@/components/courts/courts-view'
import { GuardedNotice } from '@/components/courts/guarded-notice'
import { Page, PageTitle } from '@/components/ui/page'
import { guardedLaunch, listCases, listChallenges, listProvers } from '@/lib/market/read/courts'

export const metadata: Metadata = { title: 'Courts' }

export default async function CourtsPage() {
  const [launch, cases, provers, challenges] = await Promise.all([
    guardedLaunch(),
    listCases(),
    listProvers(),
    listChallenges(),
  ])
  return (
    <Page>
      <PageTitle title="Courts">Who leaks or hides usage is found, and its collateral is taken.</PageTitle>
      <GuardedNotice launch={launch} />
      <CourtsView cases={cases} provers={provers} challenges={challenges} />
    </Page>
  )
}

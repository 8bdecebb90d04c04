import type { Metadata } from 'next'
import { SessionList } from '@/components/sessions/session-list'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'

export const metadata: Metadata = { title: 'Where you are signed in' }

export default function SessionsPage() {
  return (
    <Page>
      <PageTitle title="Where you are signed in">
        Signing out ends a session on the server: nobody can use it any more, also not with a copy of its cookie.
      </PageTitle>
      <SignInFirst title="Sign in to see your sessions" why="They are listed for the account that started them.">
        <SessionList />
      </SignInFirst>
    </Page>
  )
}

import type { Metadata } from 'next'
import { TokenList } from '@/components/developers/token-list'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'

export const metadata: Metadata = { title: 'API tokens' }

export default function TokensPage() {
  return (
    <Page>
      <PageTitle title="API tokens">
        A token lets a program ask the API in your name. It cannot buy, sign or claim anything.
      </PageTitle>
      <SignInFirst title="Sign in to see your tokens" why="They belong to the account that made them.">
        <TokenList />
      </SignInFirst>
    </Page>
  )
}

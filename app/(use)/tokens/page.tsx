import type { Metadata } from 'next'
import { TokenList } from '@/components/developers/token-list'
import { WebhookList } from '@/components/developers/webhook-list'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'

export const metadata: Metadata = { title: 'API tokens and webhooks' }

export default function TokensPage() {
  return (
    <Page>
      <PageTitle title="API tokens and webhooks">
        A token lets a program ask the API in your name. It cannot buy, sign or claim anything. A webhook tells a
        program what happens.
      </PageTitle>
      <SignInFirst title="Sign in to see your tokens and webhooks" why="They belong to the account that made them.">
        <TokenList />
        <h2 className="mt-12 mb-5 text-xl font-semibold tracking-tight">Webhooks</h2>
        <WebhookList />
      </SignInFirst>
    </Page>
  )
}

import type { Metadata } from 'next'
import { DeviceLogin } from '@/components/developers/device-login'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'

export const metadata: Metadata = { title: 'Let a program in' }

type Search = { searchParams: Promise<{ code?: string | string[] }> }

export default async function DevicePage({ searchParams }: Search) {
  const { code } = await searchParams
  return (
    <Page>
      <PageTitle title="Let a program in">
        A program on your machine asks to act in your name. It cannot pay, sign or claim anything without your key.
      </PageTitle>
      <SignInFirst title="Sign in to let a program in" why="It gets a token of the account that you sign in with.">
        <DeviceLogin initialCode={typeof code === 'string' ? code : ''} />
      </SignInFirst>
    </Page>
  )
}

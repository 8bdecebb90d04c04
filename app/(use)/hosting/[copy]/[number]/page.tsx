import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LivePart } from '@/components/hosting/live-part'
import { Page, PageTitle } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import { parseCopyId } from '@/lib/chain/ids'
import { getHost } from '@/lib/market/read/hosts'

export const metadata: Metadata = { title: 'A gateway' }

type Params = { params: Promise<{ copy: string; number: string }> }

export default async function GatewayRoute({ params }: Params) {
  const { copy, number } = await params
  const id = parseCopyId(copy)
  const host = id && /^[1-9]\d{0,8}$/.test(number) ? await getHost(id, Number(number)) : null
  if (!host) notFound()
  return (
    <Page>
      <PageTitle title={`Copy ${host.copyId}, deployment ${host.number}`}>{host.url}</PageTitle>
      <SignInFirst title="Your gateway" why="Connect the wallet that bought this copy.">
        <LivePart host={host} />
      </SignInFirst>
    </Page>
  )
}

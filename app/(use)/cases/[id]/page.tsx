import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CasePage } from '@/components/courts/case-page'
import { GuardedNotice } from '@/components/courts/guarded-notice'
import { Page } from '@/components/ui/page'
import { sessionAddress } from '@/lib/market/http/session'
import { getCase, guardedLaunch, owedByCourt } from '@/lib/market/read/courts'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Case ${(await params).id}` }
}

export default async function CaseRoute({ params }: Params) {
  const { id } = await params
  const [trial, launch, account] = await Promise.all([
    /^[1-9]\d{0,15}$/.test(id) ? getCase(id) : null,
    guardedLaunch(),
    sessionAddress(),
  ])
  if (!trial) notFound()
  const owed = account ? await owedByCourt(account) : 0n
  return (
    <Page>
      <GuardedNotice launch={launch} />
      <CasePage trial={trial} owed={owed} />
    </Page>
  )
}

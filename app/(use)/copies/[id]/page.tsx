import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CopyPage } from '@/components/copies/copy-page'
import { UsagePanel } from '@/components/copies/usage-panel'
import { CopyCases } from '@/components/courts/copy-cases'
import { GuardedNotice } from '@/components/courts/guarded-notice'
import { parseCopyId } from '@/lib/chain/ids'
import { sessionAddress } from '@/lib/market/http/session'
import { caseBond, casesAbout, guardedLaunch } from '@/lib/market/read/courts'
import { getCopy } from '@/lib/market/read/get-copy'
import { usageOf } from '@/lib/market/read/hosting-of'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Copy ${(await params).id}` }
}

export default async function CopyRoute({ params }: Params) {
  const id = parseCopyId((await params).id)
  const copy = id && (await getCopy(id, await sessionAddress()))
  if (!copy) notFound()
  const [launch, leak, refusal, cases, usage] = await Promise.all([
    guardedLaunch(),
    caseBond('leak', id),
    caseBond('refusal', id),
    casesAbout({ copy: id }),
    usageOf(id),
  ])
  return (
    <CopyPage initial={copy}>
      {usage && <UsagePanel usage={usage} />}
      <GuardedNotice launch={launch} />
      <CopyCases initial={copy} due={{ leak, refusal }} cases={cases} />
    </CopyPage>
  )
}

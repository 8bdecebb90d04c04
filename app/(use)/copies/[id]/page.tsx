import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CopyPage } from '@/components/copies/copy-page'
import { parseCopyId } from '@/lib/chain/ids'
import { sessionAddress } from '@/lib/market/http/session'
import { getCopy } from '@/lib/market/read/get-copy'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Copy ${(await params).id}` }
}

export default async function CopyRoute({ params }: Params) {
  const id = parseCopyId((await params).id)
  const copy = id && (await getCopy(id, await sessionAddress()))
  if (!copy) notFound()
  return <CopyPage initial={copy} />
}

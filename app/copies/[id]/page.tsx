import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CopyPage } from '@/components/copies/copy-page'
import { getCopy } from '@/lib/market/get-copy'
import { sessionAddress } from '@/lib/market/session-address'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Copy ${(await params).id}` }
}

export default async function CopyRoute({ params }: Params) {
  const copy = await getCopy((await params).id, await sessionAddress())
  if (!copy) notFound()
  return <CopyPage first={copy} />
}

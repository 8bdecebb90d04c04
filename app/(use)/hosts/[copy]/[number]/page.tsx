import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { HostPage } from '@/components/hosts/host-page'
import { parseCopyId } from '@/lib/chain/ids'
import { getHost } from '@/lib/market/read/hosts'

type Params = { params: Promise<{ copy: string; number: string }> }

async function hostOf({ params }: Params) {
  const { copy, number } = await params
  const id = parseCopyId(copy)
  return id && /^[1-9]\d{0,8}$/.test(number) ? getHost(id, Number(number)) : null
}

export async function generateMetadata(given: Params): Promise<Metadata> {
  const host = await hostOf(given)
  return { title: host ? `${host.model.name} from a host` : 'Not found' }
}

export default async function HostRoute(given: Params) {
  const host = await hostOf(given)
  if (!host) notFound()
  return <HostPage host={host} />
}

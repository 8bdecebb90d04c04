import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ModelView } from '@/components/models/model-view'
import { parseModelId } from '@/lib/chain/ids'
import { sessionAddress } from '@/lib/market/http/session'
import { caseBond, casesAbout } from '@/lib/market/read/courts'
import { getModel } from '@/lib/market/read/get-model'
import { hostsOf } from '@/lib/market/read/hosts'
import { listCopies } from '@/lib/market/read/list-copies'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const id = parseModelId((await params).id)
  const model = id && (await getModel(id))
  return model ? { title: model.name, description: model.summary } : { title: 'Not found' }
}

export default async function ModelRoute({ params }: Params) {
  const id = parseModelId((await params).id)
  if (!id) notFound()
  const [model, account, cases, due, hosts] = await Promise.all([
    getModel(id),
    sessionAddress(),
    casesAbout({ model: id }),
    caseBond('parent', id),
    hostsOf(id),
  ])
  if (!model) notFound()
  const copies = account ? await listCopies(account) : []
  const own = copies.filter((copy) => copy.model.id === id)
  return <ModelView model={model} copies={own} cases={cases} due={due} hosts={hosts} />
}

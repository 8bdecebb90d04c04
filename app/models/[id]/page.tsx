import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ModelView } from '@/components/models/model-view'
import { getModel } from '@/lib/market/get-model'
import { listCopies } from '@/lib/market/list-copies'
import { sessionAddress } from '@/lib/market/session-address'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const model = await getModel((await params).id)
  return model ? { title: model.name, description: model.summary } : { title: 'Not found' }
}

export default async function ModelRoute({ params }: Params) {
  const { id } = await params
  const [model, account] = await Promise.all([getModel(id), sessionAddress()])
  if (!model) notFound()
  const copies = account ? await listCopies(account) : []
  return <ModelView model={model} copies={copies.filter((copy) => copy.model.id === id)} />
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ModelView } from '@/components/models/model-view'
import { getModel } from '@/lib/market/get-model'

type Params = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const model = await getModel((await params).id)
  return model ? { title: model.name, description: model.summary } : { title: 'Not found' }
}

export default async function ModelRoute({ params }: Params) {
  const model = await getModel((await params).id)
  if (!model) notFound()
  return <ModelView model={model} />
}

import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ModelView } from '@/components/models/model-view'
import { getModel } from '@/lib/market/get-model'

export async function generateMetadata({ params }: PageProps<'/models/[id]'>): Promise<Metadata> {
  const model = await getModel((await params).id)
  return { title: model?.name, description: model?.summary }
}

export default async function ModelRoute({ params }: PageProps<'/models/[id]'>) {
  const model = await getModel((await params).id)
  if (!model) notFound()
  return <ModelView model={model} />
}

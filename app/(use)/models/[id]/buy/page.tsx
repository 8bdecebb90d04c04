import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BuyView } from '@/components/buy/buy-view'
import { Link } from '@/components/ui/link'
import { Page, PageTitle } from '@/components/ui/page'
import { parseModelId } from '@/lib/chain/ids'
import { sessionAddress } from '@/lib/market/http/session'
import { getModel } from '@/lib/market/read/get-model'
import { listCopies } from '@/lib/market/read/list-copies'

type Params = { params: Promise<{ id: string }> }

export const metadata: Metadata = { title: 'Get a copy' }

export default async function BuyPage({ params }: Params) {
  const id = parseModelId((await params).id)
  const model = id && (await getModel(id))
  if (!model || model.retired) notFound()
  const account = await sessionAddress()
  const copies = account ? (await listCopies(account)).filter((copy) => copy.model.id === id) : []
  return (
    <Page>
      <PageTitle title={`Get a copy of ${model.name}`}>
        Version {model.version}. You get the full weights with your own fingerprint, as standard safetensors that run
        anywhere.{' '}
        <Link href={`/models/${model.id}`} className="underline underline-offset-4">
          Back to the model
        </Link>
      </PageTitle>
      <BuyView model={model} owned={copies.map((copy) => copy.id)} />
    </Page>
  )
}

import type { Metadata } from 'next'
import { PublishWizard } from '@/components/publish/publish-wizard'
import { Page, PageTitle } from '@/components/ui/page'
import { sessionAddress } from '@/lib/market/http/session'
import { listCopies } from '@/lib/market/read/list-copies'
import { listModels } from '@/lib/market/read/list-models'
import { isListed } from './is-listed'

/** A parent is chosen among so many models. */
const mostParents = 500

export const metadata: Metadata = { title: 'Publish' }

export default async function PublishPage() {
  const account = await sessionAddress()
  const [{ models }, copies] = await Promise.all([
    listModels({ limit: mostParents }),
    account ? listCopies(account) : [],
  ])
  return (
    <Page>
      <PageTitle title="Publish a model">
        Your folder is checked in your browser first. You pay nothing until you sign at the end.
      </PageTitle>
      <PublishWizard models={models} copies={copies} isListed={isListed} />
    </Page>
  )
}

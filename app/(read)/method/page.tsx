import type { Metadata } from 'next'
import { MethodView } from '@/components/method/method-view'
import { Page, PageTitle } from '@/components/ui/page'

export const metadata: Metadata = { title: 'How fingerprints work' }

export default function MethodPage() {
  return (
    <Page>
      <PageTitle title="How fingerprints work">
        What fingerprints are, what they survive, what they cost and where they fail.
      </PageTitle>
      <MethodView />
    </Page>
  )
}

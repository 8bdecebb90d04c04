import type { Metadata } from 'next'
import { MethodView } from '@/components/method/method-view'
import { Page, PageTitle } from '@/components/ui/page'

export const metadata: Metadata = { title: 'How fingerprints work' }

export default function MethodPage() {
  return (
    <Page>
      <PageTitle title="How fingerprints work">
        What a fingerprint is, what it survives, what it costs, and what it cannot do.
      </PageTitle>
      <MethodView />
    </Page>
  )
}

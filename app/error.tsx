'use client'

import { EmptyState } from '@/components/brand/empty-state'
import { Button } from '@/components/ui/button'
import { Page } from '@/components/ui/page'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page>
      <EmptyState heading="h1" title="This page could not be shown" action={<Button onClick={reset}>Try again</Button>}>
        Nothing that you did was lost. If it happens again, the server’s log has the reason
        {error.digest ? ` under ${error.digest}` : ''}.
      </EmptyState>
    </Page>
  )
}

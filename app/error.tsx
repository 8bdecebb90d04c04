'use client'

import { EmptyState } from '@/components/brand/empty-state'
import { Button } from '@/components/ui/button'
import { Page } from '@/components/ui/page'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page>
      <EmptyState
        heading="h1"
        title="This page could not be loaded"
        action={<Button onClick={reset}>Try again</Button>}
      >
        Nothing was lost. If this keeps happening, look in the server log{error.digest ? ` for ${error.digest}` : ''}.
      </EmptyState>
    </Page>
  )
}

import Link from 'next/link'
import { EmptyState } from '@/components/brand/empty-state'
import { Button } from '@/components/ui/button'
import { Page } from '@/components/ui/page'

export default function NotFound() {
  return (
    <Page>
      <EmptyState
        heading="h1"
        title="There is nothing here"
        action={
          <Button asChild>
            <Link href="/">See all models</Link>
          </Button>
        }
      >
        The model or copy with this number does not exist, or it is not yours to see. If you have just made it, the
        chain may need a moment: reload the page.
      </EmptyState>
    </Page>
  )
}

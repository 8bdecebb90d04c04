import { EmptyState } from '@/components/brand/empty-state'
import { ButtonLink } from '@/components/ui/button-link'
import { Page } from '@/components/ui/page'

export default function NotFound() {
  return (
    <Page>
      <EmptyState heading="h1" title="Page not found" action={<ButtonLink href="/">Explore models</ButtonLink>}>
        This model or copy does not exist, or you do not have access to it. If it was just created, reload the page in a
        moment.
      </EmptyState>
    </Page>
  )
}

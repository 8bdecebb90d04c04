import type { Metadata } from 'next'
import { Page, PageTitle } from '@/components/ui/page'
import { VerifyView } from '@/components/verify/verify-view'
import { sessionAddress } from '@/lib/market/http/session'
import { listCopies } from '@/lib/market/read/list-copies'
import { listModels } from '@/lib/market/read/list-models'

/** Models of one owner that can be chosen. */
const mostOwned = 500

export const metadata: Metadata = { title: 'Verify' }

type Search = { searchParams: Promise<{ copy?: string; model?: string; listening?: string }> }

export default async function VerifyPage({ searchParams }: Search) {
  const [{ copy, model, listening }, account] = await Promise.all([searchParams, sessionAddress()])
  const [{ models }, copies] = account
    ? await Promise.all([listModels({ majority: account, limit: mostOwned }), listCopies(account)])
    : [{ models: [] }, []]
  return (
    <Page>
      <PageTitle title="Verify a copy">
        Test any weights for the fingerprints of a model. This runs in your browser: the weights are not uploaded. Only
        the answers to an owner’s keys and their log probabilities are sent, to name the copy. Answers that an endpoint
        gave to ordinary questions are judged by the model’s minter, and deleted then.
      </PageTitle>
      <VerifyView
        models={models}
        copies={copies}
        initialKey={copy ? `copy-${copy}` : model ? `model-${model}` : null}
        sentAnswers={model && listening ? { model, listening } : null}
      />
    </Page>
  )
}

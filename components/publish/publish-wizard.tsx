'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useState } from 'react'
import { Callout } from '@/components/ui/callout'
import { Step } from '@/components/ui/step'
import { useSession } from '@/components/wallet/session'
import { useTransaction } from '@/components/wallet/use-transaction'
import { readJson, sendJson } from '@/lib/browser/http'
import { useLocalStorage } from '@/lib/browser/use-local-storage'
import { inherit } from '@/lib/chain/obligations'
import { messageOf } from '@/lib/error'
import type { Draft } from '@/lib/manifest/draft'
import type { CopyView, ModelSummary } from '@/lib/market/read/views'
import { FolderStep } from './folder-step'
import { ParentsStep } from './parents-step'
import { Preview } from './preview'
import type { Folder } from './read-folder'
import { SignStep } from './sign-step'
import { isParentPicks, isTermsForm } from './stored-form'
import { defaultTerms, type ParentPick, readTerms } from './terms-form'
import { TermsStep } from './terms-step'
import { UploadStep } from './upload-step'
import { useUpload } from './use-upload'

/** Loaded where there are some. */
const UnfinishedDrafts = lazy(() =>
  import('./unfinished-drafts').then(({ UnfinishedDrafts }) => ({ default: UnfinishedDrafts })),
)

const draftsQueryOptions = (account: string | null) => ({
  queryKey: ['drafts', account],
  queryFn: () => readJson<Draft[]>('/api/drafts'),
  enabled: account !== null,
})

const noParents: ParentPick[] = []

type Props = { models: ModelSummary[]; copies: CopyView[]; isListed: (id: string) => Promise<boolean> }

export function PublishWizard({ models, copies, isListed }: Props) {
  const account = useSession()
  const queries = useQueryClient()
  const { data: drafts } = useQuery(draftsQueryOptions(account))
  const [folder, setFolder] = useState<Folder | null>(null)
  const [form, setForm] = useLocalStorage('kinmark.publish.form', defaultTerms, isTermsForm)
  const [parents, setParents] = useLocalStorage('kinmark.publish.parents', noParents, isParentPicks)
  const upload = useUpload()
  const [trouble, setTrouble] = useState<string | null>(null)
  // Created here rather than in SignStep, so that a reload resumes a pending registration without its draft.
  const registration = useTransaction('register')

  const draft = upload.state.stage === 'ready' ? upload.state.draft : null
  const obligations = inherit(parents.flatMap(({ id }) => models.find((model) => model.id === id) ?? []))
  const read = readTerms(form, obligations)
  const terms = 'terms' in read ? read.terms : null
  const uploading = ['hashing', 'uploading', 'finalizing'].includes(upload.state.stage)

  const refreshDrafts = () => queries.invalidateQueries({ queryKey: ['drafts'] })
  const discard = async ({ id }: Draft) => {
    setTrouble(null)
    try {
      await sendJson(`/api/drafts/${id}`, {}, 'DELETE')
      upload.reset()
    } catch (error) {
      setTrouble(messageOf(error))
    }
    await refreshDrafts()
  }
  const onPublished = useCallback(() => {
    setForm(defaultTerms)
    setParents([])
  }, [setForm, setParents])

  return (
    <>
      {trouble && (
        <Callout tone="danger" className="mb-6">
          {trouble}
        </Callout>
      )}
      {drafts && drafts.length > 0 && upload.state.stage === 'idle' && (
        <Suspense>
          <UnfinishedDrafts drafts={drafts} onResume={upload.resume} onDiscard={discard} />
        </Suspense>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-4">
          <Step number={1} title="Folder" done={folder !== null || draft !== null}>
            {draft && !folder ? (
              <p className="text-sm text-muted">{draft.files.length} files, already uploaded and verified.</p>
            ) : (
              <FolderStep folder={folder} onFolder={setFolder} locked={uploading || draft !== null} />
            )}
          </Step>
          <Step number={2} title="Upload" locked={!folder && !draft} done={draft !== null}>
            <UploadStep
              state={upload.state}
              ready={folder !== null}
              onStart={() => folder && upload.start(folder.files).then(refreshDrafts)}
              onCancel={upload.cancel}
              onDiscard={() => draft && discard(draft)}
            />
          </Step>
          <Step number={3} title="Terms" note="Copies keep the terms they were bought under.">
            <TermsStep form={form} obligations={obligations} onChange={setForm} />
          </Step>
          <Step
            number={4}
            title="Parents"
            note="Models this one is derived from, if any. Every sale pays them and their ancestors a royalty."
          >
            <ParentsStep
              relation={folder?.adapterOf ? 'adapter' : 'finetune'}
              models={models}
              copies={copies}
              picks={parents}
              obligations={obligations}
              onChange={setParents}
            />
          </Step>
          <Step number={5} title="Sign" locked={!draft && registration.state.stage === 'idle'}>
            <SignStep
              draft={draft}
              terms={terms}
              playground={form.playground}
              parents={parents}
              models={models}
              isListed={isListed}
              onPublished={onPublished}
              transaction={registration}
            />
          </Step>
        </div>
        <div className="lg:sticky lg:top-22">
          <Preview terms={terms} lineage={obligations.lineage} models={models} />
        </div>
      </div>
    </>
  )
}

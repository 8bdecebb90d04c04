'use client'

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { z } from 'zod'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CopyText } from '@/components/ui/copy-text'
import { Skeleton } from '@/components/ui/page'
import { X } from '@/components/ui/page-icons'
import type { Endpoints } from '@/lib/api/endpoints'
import { readJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'

type Programs = z.infer<Endpoints['listPrograms']['answer']>
type Program = Programs['items'][number]
type Step = Programs['get'][number]

type Props = { model: string; copy?: string; onClose: () => void }

/** The programs that run a model, each with its commands. The browser keeps the focus inside, and gives it back. */
export function ProgramDialog({ model, copy, onClose }: Props) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const { programs, error } = usePrograms(model, copy)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-2xl overflow-y-auto rounded-xl border bg-surface text-text shadow-card backdrop:bg-text/40 dark:backdrop:bg-bg/70"
    >
      <div className="sticky top-0 flex items-center justify-between gap-4 border-b bg-surface px-5 py-3 sm:px-6">
        <h2 id={id} className="text-lg font-semibold tracking-tight">
          Use {copy ? `copy ${copy}` : 'this model'}
        </h2>
        <Button variant="ghost" size="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
          <X className="size-4" />
        </Button>
      </div>
      <div className="space-y-5 p-5 sm:p-6">
        {error && <Callout tone="danger">{error}</Callout>}
        {!programs && !error && <Skeleton className="h-96" />}
        {programs && <ProgramList programs={programs} />}
      </div>
    </dialog>
  )
}

function usePrograms(model: string, copy: string | undefined) {
  const [programs, setPrograms] = useState<Programs | null>(null)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    const path = `/api/v1/models/${model}/programs${copy ? `?copy=${copy}` : ''}`
    readJson<Programs>(path, gone.signal).then(setPrograms, (cause) => {
      if (!gone.signal.aborted) setError(messageOf(cause))
    })
    return () => gone.abort()
  }, [model, copy])
  return { programs, error }
}

function ProgramList({ programs: { folder, get, items } }: { programs: Programs }) {
  const running = items.filter(({ obstacle }) => obstacle === null)
  const others = items.filter(({ obstacle }) => obstacle !== null)
  return (
    <>
      <section>
        <h3 className="text-sm font-semibold">
          First the folder <code className="font-mono font-medium">{folder}</code>
        </h3>
        <p className="mt-1 text-sm text-muted">
          An ordinary Hugging Face folder. If you saved it under another name, use that name below. In Kinmark’s
          repository, <code className="font-mono">npm run -s kinmark --</code> stands for{' '}
          <code className="font-mono">kinmark</code>.
        </p>
        <Steps steps={get} of={folder} />
      </section>
      <section>
        <h3 className="text-sm font-semibold">Then one of these programs</h3>
        <div className="mt-2 divide-y border-y">
          {running.map((program) => (
            <Entry key={program.name} program={program} mark={<Checked {...program.fingerprints} />}>
              <p className="text-sm text-muted">{program.fingerprints.note}</p>
              <Steps steps={program.steps} of={program.name} />
            </Entry>
          ))}
          {others.map((program) => (
            <Entry key={program.name} program={program} mark={<Badge tone="warning">cannot run it</Badge>}>
              <p className="text-sm text-muted">{program.obstacle}</p>
            </Entry>
          ))}
        </div>
      </section>
    </>
  )
}

function Checked({ checked }: Program['fingerprints']) {
  return checked ? <Badge tone="verified">fingerprints checked</Badge> : <Badge>fingerprints not checked</Badge>
}

/** One program, of which one at a time is open. */
function Entry({ program, mark, children }: { program: Program; mark: ReactNode; children: ReactNode }) {
  return (
    <details name="program" className="group">
      <summary className="flex cursor-pointer items-baseline gap-2.5 py-3 marker:content-none hover:text-accent">
        <span aria-hidden="true" className="text-muted transition-transform group-open:rotate-90">
          ›
        </span>
        <span className="flex flex-1 flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="font-medium">{program.name}</span>
          <span className="mr-auto text-sm text-muted">{program.use}</span>
          {mark}
        </span>
      </summary>
      <div className="pt-1 pb-5 sm:pl-4">{children}</div>
    </details>
  )
}

function Steps({ steps, of }: { steps: Step[]; of: string }) {
  return (
    <ol className="mt-3 space-y-3">
      {steps.map(({ title, code }) => (
        <li key={title}>
          <div className="mb-1 flex items-end justify-between gap-2 text-sm text-muted">
            <span>{title}</span>
            <CopyText value={code} shown="" label={`“${title}” of ${of}`} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 font-mono text-xs">
            {code}
          </pre>
        </li>
      ))}
    </ol>
  )
}

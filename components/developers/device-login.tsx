'use client'

import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { readJson, sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import type { DeviceLoginView } from '@/lib/market/read/views'
import { scopeNames } from './scope-names'

const pathOf = (code: string) => `/api/logins/${encodeURIComponent(code.trim())}`

/** Shows which program waits under a code, and lets it in or sends it away. */
export function DeviceLogin({ initialCode }: { initialCode: string }) {
  const [code, setCode] = useState(initialCode)
  const find = useMutation({ mutationFn: (typed: string) => readJson<DeviceLoginView>(pathOf(typed)) })
  const answer = useMutation({
    mutationFn: ({ found, allow }: { found: DeviceLoginView; allow: boolean }) =>
      sendJson(pathOf(found.code), {}, allow ? 'POST' : 'DELETE'),
  })
  const { mutate } = find
  useEffect(() => {
    if (initialCode) mutate(initialCode)
  }, [initialCode, mutate])
  if (answer.isSuccess)
    return (
      <Callout tone={answer.variables.allow ? 'verified' : 'info'}>
        {answer.variables.allow
          ? 'The program is in. Go back to it; you can close this page.'
          : 'The program was sent away, and got nothing.'}
      </Callout>
    )
  const found = find.data
  const failed = find.error ?? answer.error
  return (
    <Panel title={found ? 'Is this your program?' : 'Its code'}>
      {failed && (
        <Callout tone="danger" className="mb-4">
          {messageOf(failed)}
        </Callout>
      )}
      {found ? (
        <div className="space-y-4 text-sm">
          <p className="wrap-anywhere">
            <strong>{found.name}</strong> shows the code <code className="text-base font-semibold">{found.code}</code>.
            Let it in only if you have started it yourself, and it shows this code now.
          </p>
          <ul className="list-disc space-y-1 pl-5 text-muted">
            <li>Read what everybody may read</li>
            {found.scopes.map((scope) => (
              <li key={scope}>{scopeNames[scope]}</li>
            ))}
          </ul>
          <div className="flex flex-wrap gap-3">
            <Button busy={answer.isPending} onClick={() => answer.mutate({ found, allow: true })}>
              Let it in
            </Button>
            <Button variant="secondary" busy={answer.isPending} onClick={() => answer.mutate({ found, allow: false })}>
              Send it away
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="flex flex-wrap items-end gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            mutate(code)
          }}
        >
          <Field
            label="Code that the program shows"
            value={code}
            maxLength={20}
            required
            autoComplete="off"
            onChange={(event) => setCode(event.target.value)}
            className="w-64"
          />
          <Button type="submit" busy={find.isPending}>
            Continue
          </Button>
        </form>
      )}
    </Panel>
  )
}

'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { Time } from '@/components/values/time'
import { type ApiScope, apiScopes } from '@/lib/api/scopes'
import { readJson, sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import type { TokenView } from '@/lib/market/read/views'
import { scopeNames } from './scope-names'

const path = '/api/tokens'
const queryKey = ['tokens']

/** The account's API tokens. A new one is shown once. */
export function TokenList() {
  const queries = useQueryClient()
  const { data: tokens, error } = useQuery({ queryKey, queryFn: () => readJson<TokenView[]>(path) })
  const [name, setName] = useState('')
  const [days, setDays] = useState('30')
  const [scopes, setScopes] = useState<readonly ApiScope[]>([])
  const toggle = (scope: ApiScope, on: boolean) =>
    setScopes(apiScopes.filter((each) => (each === scope ? on : scopes.includes(each))))
  const onSettled = () => queries.invalidateQueries({ queryKey })
  const make = useMutation({
    mutationFn: () => sendJson<{ token: string }>(path, { name, scopes, days: Number(days) }),
    onSettled,
  })
  const end = useMutation({ mutationFn: (id: string) => sendJson(`${path}/${id}`, {}, 'DELETE'), onSettled })
  const failed = error ?? make.error ?? end.error
  return (
    <>
      <Panel title="New token" className="mb-6">
        <form
          className="flex flex-wrap items-end gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            make.mutate()
          }}
        >
          <Field
            label="Name"
            value={name}
            maxLength={100}
            required
            onChange={(event) => setName(event.target.value)}
            className="min-w-48 flex-1"
          />
          <Field
            label="Ends after"
            unit="days"
            type="number"
            min={1}
            max={365}
            required
            value={days}
            onChange={(event) => setDays(event.target.value)}
            className="w-32"
          />
          <fieldset className="basis-full space-y-2 text-sm">
            <legend className="mb-1.5 font-medium">It may</legend>
            {apiScopes.map((scope) => (
              <label key={scope} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={scopes.includes(scope)}
                  onChange={(event) => toggle(scope, event.target.checked)}
                />
                {scopeNames[scope]}
              </label>
            ))}
          </fieldset>
          <Button type="submit" busy={make.isPending}>
            Make token
          </Button>
        </form>
        {failed && (
          <Callout tone="danger" className="mt-4">
            {messageOf(failed)}
          </Callout>
        )}
        {make.data && (
          <Callout tone="info" className="mt-4">
            Keep this token now: it is not shown again. <code className="wrap-anywhere">{make.data.token}</code>
          </Callout>
        )}
      </Panel>
      <Panel title="Tokens">
        {tokens?.length === 0 && <p className="text-sm text-muted">There are none.</p>}
        <ul className="divide-y text-sm">
          {tokens?.map(({ id, name: called, scopes: allowed, createdAt, expiresAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
              <p className="min-w-0 wrap-anywhere">
                {called}
                <span className="block text-muted">
                  {scopesText(allowed)}; since <Time at={createdAt} />, ends <Time at={expiresAt} />
                </span>
              </p>
              <Button size="small" variant="secondary" busy={end.isPending} onClick={() => end.mutate(id)}>
                End
              </Button>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  )
}

const scopesText = (scopes: readonly ApiScope[]) =>
  scopes.length === 0 ? 'Read what everybody may read' : scopes.map((scope) => scopeNames[scope]).join(', ')

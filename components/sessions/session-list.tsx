'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Time } from '@/components/values/time'
import { readJson, sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import type { SessionView } from '@/lib/market/read/views'
import { browserName } from './browser-name'

const path = '/api/auth/sessions'
const queryKey = ['sessions']

/** Where the account is signed in, and a way to end it there. */
export function SessionList() {
  const queries = useQueryClient()
  const { data: sessions, error } = useQuery({ queryKey, queryFn: () => readJson<SessionView[]>(path) })
  const end = useMutation({
    mutationFn: (id: string | null) => sendJson(id === null ? path : `${path}/${id}`, {}, 'DELETE'),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  const failed = error ?? end.error
  return (
    <Panel title="Browsers">
      {failed && <Callout tone="danger">{messageOf(failed)}</Callout>}
      <ul className="divide-y text-sm">
        {sessions?.map(({ id, agent, current, startedAt, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
            <p className="min-w-0 wrap-anywhere">
              {browserName(agent)}
              {current && ' (this browser)'}
              <span className="block text-muted">
                Since <Time at={startedAt} precise />, ends <Time at={expiresAt} />
              </span>
            </p>
            {!current && (
              <Button size="small" variant="secondary" busy={end.isPending} onClick={() => end.mutate(id)}>
                Sign out there
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions && sessions.length > 1 && (
        <Button variant="danger" className="mt-4" busy={end.isPending} onClick={() => end.mutate(null)}>
          Sign out everywhere else
        </Button>
      )}
    </Panel>
  )
}

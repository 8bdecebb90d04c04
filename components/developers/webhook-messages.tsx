'use client'

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Column, Table } from '@/components/ui/table'
import { Time } from '@/components/values/time'
import type { MessageView } from '@/lib/api/webhooks'
import { readJson, sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import { webhooksKey, webhooksPath } from './webhook-path'

const states: Record<MessageView['state'], { tone: Tone; name: string }> = {
  waiting: { tone: 'accent', name: 'waiting' },
  arrived: { tone: 'verified', name: 'arrived' },
  failed: { tone: 'danger', name: 'given up' },
}

type MessagePage = { items: MessageView[]; next: string | null }

/** The messages of a webhook, the newest first, with what came of each try. */
export function WebhookMessages({ webhook }: { webhook: string }) {
  const path = `${webhooksPath}/${webhook}`
  const queries = useQueryClient()
  const queryKey = [...webhooksKey, webhook]
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      readJson<MessagePage>(`${path}/messages?limit=20${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 2_000,
  })
  const replay = useMutation({
    mutationFn: (message: string | null) =>
      sendJson(message === null ? `${path}/replay` : `${path}/messages/${message}/replay`, {}),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  const messages = data?.pages.flatMap(({ items }) => items) ?? []
  const failed = error ?? replay.error
  if (data && messages.length === 0) return <p className="text-muted">Nothing was sent yet.</p>
  return (
    <div className="space-y-3">
      {failed && <Callout tone="danger">{messageOf(failed)}</Callout>}
      <Table
        label="Messages of this webhook"
        head={
          <>
            <Column>When</Column>
            <Column>What</Column>
            <Column>State</Column>
            <Column>Newest try</Column>
            <Column>
              <span className="sr-only">Replay</span>
            </Column>
          </>
        }
      >
        {messages.map((message) => (
          <tr key={message.id}>
            <td>
              <Time at={message.createdAt} precise />
            </td>
            <td>
              <details>
                <summary className="cursor-pointer whitespace-nowrap">{message.type}</summary>
                <p className="mt-1 text-xs wrap-anywhere text-muted">{message.id}</p>
                <code className="block max-w-md text-xs wrap-anywhere">{message.payload}</code>
                {message.tries.map((one, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: tries have no other name, and two may be of one second
                  <p key={i} className="mt-1 text-xs wrap-anywhere text-muted">
                    <Time at={one.at} precise />: {one.status ?? one.reason}, {one.ms} ms{' '}
                    {one.answer && <code>{one.answer}</code>}
                  </p>
                ))}
              </details>
            </td>
            <td className="whitespace-nowrap">
              <Badge tone={states[message.state].tone}>{states[message.state].name}</Badge>
              {message.state === 'waiting' && message.attempts > 0 && message.dueAt && (
                <span className="block text-xs text-muted">
                  again <Time at={message.dueAt} precise />
                </span>
              )}
            </td>
            <td>
              <NewestTry message={message} />
            </td>
            <td>
              <Button
                size="small"
                variant="secondary"
                busy={replay.isPending && replay.variables === message.id}
                onClick={() => replay.mutate(message.id)}
              >
                Send again
              </Button>
            </td>
          </tr>
        ))}
      </Table>
      <div className="flex flex-wrap gap-2">
        {messages.some(({ state }) => state === 'failed') && (
          <Button size="small" variant="secondary" busy={replay.isPending} onClick={() => replay.mutate(null)}>
            Send all again that were given up
          </Button>
        )}
        {hasNextPage && (
          <Button size="small" variant="secondary" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            Older messages
          </Button>
        )}
      </div>
    </div>
  )
}

function NewestTry({ message: { attempts, tries } }: { message: MessageView }) {
  const [newest] = tries
  if (!newest) return <span className="text-muted">not yet</span>
  return (
    <span className="wrap-anywhere">
      {newest.status ?? newest.reason} <span className="whitespace-nowrap text-muted">in {newest.ms} ms</span>
      {attempts > 1 && <span className="whitespace-nowrap text-muted">, try {attempts}</span>}
    </span>
  )
}

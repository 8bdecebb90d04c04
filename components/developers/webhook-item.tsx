'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Confirm } from '@/components/ui/confirm'
import { Time } from '@/components/values/time'
import type { WebhookView, WebhookWithSecret } from '@/lib/api/webhooks'
import { sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import { WebhookMessages } from './webhook-messages'
import { webhooksKey, webhooksPath } from './webhook-path'

/** A webhook, what can be done with it, and its messages when they are asked for. */
export function WebhookItem({ webhook }: { webhook: WebhookView }) {
  const { id, url, topics, createdAt, formerUntil } = webhook
  const path = `${webhooksPath}/${id}`
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: webhooksKey })
  const [open, setOpen] = useState(false)
  const act = useMutation({
    mutationFn: (action: 'enable' | 'test') => sendJson(`${path}/${action}`, {}),
    onSuccess: () => setOpen(true),
    onSettled,
  })
  const change = useMutation({ mutationFn: () => sendJson<WebhookWithSecret>(`${path}/secret`, {}), onSettled })
  const end = useMutation({ mutationFn: () => sendJson(path, {}, 'DELETE'), onSettled })
  const failed = act.error ?? change.error ?? end.error
  return (
    <li className="space-y-3 py-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="min-w-0 wrap-anywhere">
          {url}
          <span className="block text-muted">
            {topics.join(', ')}; since <Time at={createdAt} />
          </span>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button size="small" variant="secondary" busy={act.isPending} onClick={() => act.mutate('test')}>
            Send test
          </Button>
          <Button size="small" variant="secondary" aria-expanded={open} onClick={() => setOpen(!open)}>
            Messages
          </Button>
          <Confirm
            title="Change the secret?"
            action="Change it"
            onConfirm={() => change.mutate()}
            trigger={(ask) => (
              <Button size="small" variant="secondary" busy={change.isPending} onClick={ask}>
                Change secret
              </Button>
            )}
          >
            For a day, messages are signed with the former secret as well. Give your program the new one by then.
          </Confirm>
          <Confirm
            title="End this webhook?"
            action="End it"
            onConfirm={() => end.mutate()}
            trigger={(ask) => (
              <Button size="small" variant="secondary" busy={end.isPending} onClick={ask}>
                End
              </Button>
            )}
          >
            Messages that wait are dropped, and the log goes with it.
          </Confirm>
        </div>
      </div>
      <Notice webhook={webhook} enable={() => act.mutate('enable')} busy={act.isPending} />
      {failed && <Callout tone="danger">{messageOf(failed)}</Callout>}
      {change.data && (
        <Callout>
          Keep this secret now: it is not shown again. <code className="wrap-anywhere">{change.data.secret}</code>
          {formerUntil && (
            <>
              {' '}
              The former one signs as well until <Time at={formerUntil} precise />.
            </>
          )}
        </Callout>
      )}
      {open && <WebhookMessages webhook={id} />}
    </li>
  )
}

type NoticeProps = { webhook: WebhookView; enable: () => void; busy: boolean }

/** Says that nothing is sent any more, or that nothing arrives. */
function Notice({ webhook: { disabled, disabledAt, failingSince }, enable, busy }: NoticeProps) {
  if (disabled && disabledAt)
    return (
      <Callout
        tone="danger"
        action={
          <Button size="small" variant="secondary" busy={busy} onClick={enable}>
            Send again
          </Button>
        }
      >
        Disabled on <Time at={disabledAt} precise />:{' '}
        {disabled === 'gone'
          ? 'your program answered 410, “gone”.'
          : 'for three days, no answer of your program was a success.'}{' '}
        What happens meanwhile is not sent later.
      </Callout>
    )
  if (failingSince === null) return null
  return (
    <Callout tone="warning">
      No answer was a success since <Time at={failingSince} precise />. After three days nothing more is sent.
    </Callout>
  )
}

'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { type WebhookTopic, webhookTopics } from '@/lib/api/webhook-topics'
import type { WebhookView, WebhookWithSecret } from '@/lib/api/webhooks'
import { readJson, sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import { WebhookItem } from './webhook-item'
import { webhooksKey, webhooksPath } from './webhook-path'

const topicNames: Record<WebhookTopic, string> = {
  orders: 'Orders and refunds',
  deliveries: 'Deliveries and refusals',
  payments: 'Payments to models whose shares you hold',
  challenges: 'Challenges and lost collateral',
  reports: 'Reports of hosts',
  cases: 'Court cases',
  hosting: 'Warnings about what you host',
}

/** The account’s webhooks. The secret of a new one is shown once. */
export function WebhookList() {
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: webhooksKey,
    queryFn: () => readJson<{ items: WebhookView[] }>(webhooksPath),
    refetchInterval: 10_000,
  })
  const [url, setUrl] = useState('')
  const [topics, setTopics] = useState<WebhookTopic[]>([...webhookTopics])
  const toggle = (topic: WebhookTopic, on: boolean) =>
    setTopics(on ? [...topics, topic] : topics.filter((other) => other !== topic))
  const make = useMutation({
    mutationFn: () => sendJson<WebhookWithSecret>(webhooksPath, { url, topics }),
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  const failed = error ?? make.error
  return (
    <>
      <Panel
        title="New webhook"
        className="mb-6"
        note="Your program hears of what concerns your account, once it cannot be undone. Messages are signed as Standard Webhooks says, and are sent again for three days until your program answers with a status from 200 to 299."
      >
        <form className="space-y-4" onSubmit={submit}>
          <Field
            label="Address"
            type="url"
            placeholder="https://example.com/kinmark"
            value={url}
            maxLength={2000}
            required
            onChange={(event) => setUrl(event.target.value)}
          />
          <fieldset className="space-y-2 text-sm">
            <legend className="mb-1.5 font-medium">It hears of</legend>
            {webhookTopics.map((topic) => (
              <label key={topic} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={topics.includes(topic)}
                  onChange={(event) => toggle(topic, event.target.checked)}
                />
                {topicNames[topic]}
              </label>
            ))}
          </fieldset>
          <Button type="submit" busy={make.isPending} disabled={topics.length === 0}>
            Make webhook
          </Button>
        </form>
        {failed && (
          <Callout tone="danger" className="mt-4">
            {messageOf(failed)}
          </Callout>
        )}
        {make.data && (
          <Callout className="mt-4">
            Keep this secret now: it is not shown again. <code className="wrap-anywhere">{make.data.secret}</code>
          </Callout>
        )}
      </Panel>
      <Panel title="Webhooks">
        {data?.items.length === 0 && <p className="text-sm text-muted">There are none.</p>}
        <ul className="divide-y text-sm">
          {data?.items.map((webhook) => (
            <WebhookItem key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      </Panel>
    </>
  )
}

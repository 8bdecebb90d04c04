'use client'

import { useEffect, useId, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { inputClass } from '@/components/ui/field'
import { Amount } from '@/components/values/amount'
import { formatUsdc } from '@/lib/format/amounts'
import type { HostView } from '@/lib/market/read/views'
import { amountUp } from '@/lib/payer/account'
import { OpenSession } from './open-session'
import type { ChatMoney } from './read-money'
import { ensureSession, type SessionPlace } from './stored-session'
import { type Turn, useConversation } from './use-conversation'

type Props = { host: HostView; place: SessionPlace; money: ChatMoney; onChange: () => Promise<unknown> }

const lengths = [256, 1024, 4096]

/** Messages to a host and its answers, each with its price and its receipt. */
export function Conversation({ host, place, money, onChange }: Props) {
  const [text, setText] = useState('')
  const [maxTokens, setMaxTokens] = useState(lengths[0])
  const { turns, busy, send, retry, stop, clear } = useConversation(host, place, maxTokens)
  const label = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const spent = amountUp(ensureSession(place).account.cost)
  const left = money.most > spent ? money.most - spent : 0n
  const submit = () => {
    const question = text.trim()
    if (question === '' || busy) return
    send(question)
    setText('')
    field.current?.focus()
  }
  useEffect(() => {
    if (!busy) void onChange()
  }, [busy, onChange])
  return (
    <Panel
      title="Chat"
      note={
        <span role="status" aria-label="Money">
          <Amount value={left} /> of <Amount value={money.most} /> left
        </span>
      }
      aside={
        turns.length > 0 && (
          <Button variant="ghost" size="small" disabled={busy} onClick={clear}>
            New chat
          </Button>
        )
      }
    >
      <ol aria-label="Messages" className="space-y-5">
        {turns.map((turn, i) => (
          <li key={turn.id}>
            <TurnView turn={turn} onRetry={i === turns.length - 1 && !busy ? retry : undefined} />
          </li>
        ))}
      </ol>
      <form
        className="mt-5 space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <label htmlFor={label} className="sr-only">
          Your message
        </label>
        <textarea
          ref={field}
          id={label}
          className={`${inputClass} h-24 resize-y py-2`}
          placeholder="Ask something"
          value={text}
          maxLength={20_000}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            submit()
          }}
        />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <label className="flex items-center gap-2 text-sm text-muted">
            Longest answer
            <select
              className={`${inputClass} w-auto`}
              value={maxTokens}
              onChange={(event) => setMaxTokens(Number(event.target.value))}
            >
              {lengths.map((tokens) => (
                <option key={tokens} value={tokens}>
                  {tokens} tokens
                </option>
              ))}
            </select>
          </label>
          {busy ? (
            <Button variant="secondary" onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button type="submit" disabled={text.trim() === ''}>
              Send
            </Button>
          )}
        </div>
      </form>
      <details className="mt-5 text-sm" open={left < 10_000n || undefined}>
        <summary className="text-muted">Reserve more</summary>
        <div className="mt-3">
          <OpenSession host={host} place={place} money={money} onChange={onChange} more />
        </div>
      </details>
    </Panel>
  )
}

function TurnView({ turn, onRetry }: { turn: Turn; onRetry?: () => void }) {
  const { question, text, thoughts, stage, why } = turn
  const running = stage === 'asking' || stage === 'answering'
  return (
    <>
      <p className="ml-auto w-fit max-w-[85%] rounded-2xl bg-accent-soft px-4 py-2 text-sm whitespace-pre-wrap wrap-anywhere">
        {question}
      </p>
      {thoughts && (
        <details className="mt-3 text-sm text-muted">
          <summary>Thoughts</summary>
          <p className="mt-1 border-l-2 pl-3 whitespace-pre-wrap wrap-anywhere">{thoughts}</p>
        </details>
      )}
      <p aria-live="polite" className="mt-3 text-sm leading-relaxed whitespace-pre-wrap wrap-anywhere">
        {text}
        {running && (
          <span aria-hidden="true" className="ml-0.5 inline-block h-4 w-2 animate-pulse bg-accent align-middle" />
        )}
      </p>
      {stage === 'failed' && why && (
        <Callout
          tone="danger"
          className="mt-2"
          action={
            onRetry && (
              <Button size="small" variant="secondary" onClick={onRetry}>
                Try again
              </Button>
            )
          }
        >
          {why}
        </Callout>
      )}
      <div className="mt-2 flex flex-wrap items-baseline gap-x-3 text-xs text-muted">
        {stage === 'counting' && <span role="status">The host counts what arrived …</span>}
        {stage === 'done' && why && <span>{why}</span>}
        <Cost turn={turn} />
      </div>
    </>
  )
}

function Cost({ turn: { cost, receipt } }: { turn: Turn }) {
  if (!cost) return null
  if (cost.units === 0n) return <span>Cost nothing.</span>
  return (
    <details>
      <summary>
        {cost.units.toString()} tokens, {formatUsdc(amountUp(cost.usdc12))} USDC
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls is reached by the keyboard. */}
      <pre tabIndex={0} className="mt-2 overflow-x-auto rounded-lg bg-sunken p-3">
        {JSON.stringify(receipt, null, 2)}
      </pre>
    </details>
  )
}

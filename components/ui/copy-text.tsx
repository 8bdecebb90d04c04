'use client'

import { useState } from 'react'
import { cn } from './cn'
import { Check, Copy } from './icons'

const labels: Record<string, string | undefined> = { done: 'Copied', failed: 'This browser did not copy it' }

function copyBySelection(value: string): boolean {
  const field = document.createElement('textarea')
  field.value = value
  field.style.position = 'fixed'
  const focused = document.activeElement
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}

/** A long value, shown as `shown`, with a button that copies all of it. */
export function CopyText({
  value,
  shown,
  label,
  className,
}: {
  value: string
  shown?: string
  label: string
  className?: string
}) {
  const [copied, setCopied] = useState<'no' | 'done' | 'failed'>('no')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
    } catch {
      // Refused, or missing because the page came without TLS: there the older way is left.
      if (!copyBySelection(value)) return setCopied('failed')
    }
    setCopied('done')
    setTimeout(() => setCopied('no'), 1500)
  }
  return (
    <span className={cn('inline-flex items-center gap-1', className)}>
      <span className="font-mono text-[0.92em] whitespace-nowrap" title={value}>
        {shown ?? value}
      </span>
      <button
        type="button"
        onClick={copy}
        aria-label={labels[copied] ?? `Copy ${label}`}
        className="inline-flex size-6 items-center justify-center rounded text-muted hover:text-text"
      >
        {copied === 'done' ? <Check className="size-3.5 text-verified" /> : <Copy className="size-3.5" />}
      </button>
    </span>
  )
}

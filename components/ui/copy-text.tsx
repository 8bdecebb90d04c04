'use client'

import { useState } from 'react'
import { cn } from './cn'
import { Check, Copy } from './icons'

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
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <span className={cn('inline-flex items-center gap-1', className)}>
      <span className="font-mono text-[0.92em] whitespace-nowrap" title={value}>
        {shown ?? value}
      </span>
      <button
        type="button"
        onClick={copy}
        aria-label={copied ? 'Copied' : `Copy ${label}`}
        className="inline-flex size-6 items-center justify-center rounded text-muted hover:text-text"
      >
        {copied ? <Check className="size-3.5 text-verified" /> : <Copy className="size-3.5" />}
      </button>
    </span>
  )
}

'use client'

import { Info } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'

/** An info button that explains a value. A popover, so that it works with touch and keyboard. */
export function Tip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={label}
        className="-my-1.5 inline-flex size-6 items-center justify-center rounded-full align-middle text-muted hover:text-text"
      >
        <Info className="size-3.5" aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={4}
          collisionPadding={12}
          className="z-50 max-w-72 rounded-lg border bg-surface p-3 text-sm leading-relaxed text-text shadow-card"
        >
          {children}
          <Popover.Arrow className="fill-border" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

type Tab = { value: string; name: string; count?: number }

export function Tabs({ tabs, label, children }: { tabs: Tab[]; label: string; children: ReactNode }) {
  return (
    <Radix.Root defaultValue={tabs[0].value}>
      <Radix.List
        aria-label={label}
        className="flex overflow-x-auto overflow-y-hidden border-b px-2 [scrollbar-width:none] sm:px-4"
      >
        {tabs.map(({ value, name, count }) => (
          <Radix.Trigger
            key={value}
            value={value}
            className="-mb-px border-b-2 border-transparent px-3 py-3 text-sm whitespace-nowrap text-muted hover:text-text focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {name}
            {count !== undefined && <span className="ml-1.5 text-xs tabular-nums text-muted">{count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  )
}

/** `keep`: stays mounted while another tab is shown. */
export function TabPanel({ value, keep, children }: { value: string; keep?: true; children: ReactNode }) {
  return (
    <Radix.Content
      value={value}
      forceMount={keep}
      className="p-5 focus-visible:-outline-offset-2 data-[state=inactive]:hidden sm:p-6"
    >
      {children}
    </Radix.Content>
  )
}

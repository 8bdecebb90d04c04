'use client'

import { createContext, type KeyboardEvent, type ReactNode, use, useEffect, useId, useRef, useState } from 'react'
import { cn } from './cn'

type Tab = { value: string; name: string; count?: number }

/** What is shown, what was shown before, and the prefix of the elements’ ids. */
const Shown = createContext<{ value: string; seen: ReadonlySet<string>; id: string } | null>(null)

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** Tabs after the ARIA pattern: one is in the tab order, arrow keys move. The address’s fragment names the open one. */
export function Tabs({ tabs, label, children }: { tabs: Tab[]; label: string; children: ReactNode }) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [value, setValue] = useState(tabs[0].value)
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set([value]))
  const show = (next: string) => {
    setValue(next)
    setSeen((values) => new Set(values).add(next))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tabs of a page do not change
  useEffect(() => {
    const follow = () => {
      const named = tabs.find((tab) => tab.value === window.location.hash.slice(1))
      if (named) show(named.value)
    }
    follow()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])
  const open = (next: string) => {
    show(next)
    window.history.replaceState(window.history.state, '', `#${next}`)
  }
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    const at = step(
      tabs.findIndex((tab) => tab.value === value),
      tabs.length,
    )
    open(tabs[at].value)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at].focus()
  }
  return (
    <Shown value={{ value, seen, id }}>
      <div ref={list} role="tablist" aria-label={label} className="flex flex-wrap border-b px-2 sm:px-4">
        {tabs.map((tab) => (
          <button
            key={tab.value}
            id={`${id}-tab-${tab.value}`}
            type="button"
            role="tab"
            aria-selected={tab.value === value}
            aria-controls={tab.value === value ? `${id}-panel-${tab.value}` : undefined}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => open(tab.value)}
            onKeyDown={move}
            className={cn(
              '-mb-px border-b-2 px-3 py-3 text-sm whitespace-nowrap hover:text-text focus-visible:-outline-offset-2',
              tab.value === value ? 'border-accent font-medium text-text' : 'border-transparent text-muted',
            )}
          >
            {tab.name}
            {tab.count !== undefined && <span className="ml-1.5 text-xs tabular-nums text-muted">{tab.count}</span>}
          </button>
        ))}
      </div>
      {children}
    </Shown>
  )
}

/** Rendered while its tab is open. `keep`: stays, hidden, after it was open once. */
export function TabPanel({ value, keep, children }: { value: string; keep?: true; children: ReactNode }) {
  const shown = use(Shown)
  const active = shown?.value === value
  if (!shown || !(active || (keep && shown.seen.has(value)))) return null
  return (
    <div
      id={`${shown.id}-panel-${value}`}
      role="tabpanel"
      aria-labelledby={`${shown.id}-tab-${value}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the pattern has panels in the tab order, also without controls
      tabIndex={0}
      hidden={!active}
      className="p-5 focus-visible:-outline-offset-2 sm:p-6"
    >
      {children}
    </div>
  )
}

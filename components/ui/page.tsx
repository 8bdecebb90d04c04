import type { ReactNode } from 'react'
import { cn } from './cn'

export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <main id="main" className={cn('mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-10', className)}>
      {children}
    </main>
  )
}

export function PageTitle({ title, children, aside }: { title: string; children?: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-7 flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere sm:text-3xl">{title}</h1>
        {children && <p className="mt-2 max-w-2xl text-pretty text-muted">{children}</p>}
      </div>
      {aside}
    </div>
  )
}

export function Skeleton({ className }: { className?: string }) {
  return <div className={cn('animate-pulse rounded-lg bg-sunken', className)} />
}

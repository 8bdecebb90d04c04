'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'

const links = [
  { href: '/', name: 'Explore', under: '/models' },
  { href: '/publish', name: 'Publish', under: '/publish' },
  { href: '/copies', name: 'My copies', under: '/copies' },
  { href: '/hosting', name: 'Hosting', under: '/hosting' },
  { href: '/verify', name: 'Verify', under: '/verify' },
  { href: '/earnings', name: 'Earnings', under: '/earnings' },
  { href: '/courts', name: 'Courts', under: '/courts' },
]

export function Nav() {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="-mx-1 flex overflow-x-auto sm:gap-1 px-1 [scrollbar-width:none]">
      {links.map(({ href, name, under }) => {
        const current = path === href || path.startsWith(under)
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={cn(
              'rounded-lg px-1.5 py-1.5 sm:px-2.5 text-sm whitespace-nowrap transition-colors hover:bg-sunken',
              current ? 'font-medium text-text' : 'text-muted',
            )}
          >
            {name}
          </Link>
        )
      })}
    </nav>
  )
}

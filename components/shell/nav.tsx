'use client'

import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'

const links = [
  ['/', 'Explore'],
  ['/publish', 'Publish'],
  ['/copies', 'My copies'],
  ['/hosting', 'Hosting'],
  ['/verify', 'Verify'],
  ['/earnings', 'Earnings'],
  ['/courts', 'Courts'],
]

export function Nav() {
  const path = usePathname()
  return (
    <nav
      aria-label="Main"
      className="-mx-1.5 grid grid-cols-[repeat(4,auto)] justify-between sm:flex sm:justify-start sm:gap-1"
    >
      {links.map(([href, name]) => {
        const current = path === href || path.startsWith(href === '/' ? '/models' : href)
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

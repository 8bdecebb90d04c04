import { Wordmark } from '@/components/brand/mark'
import { Link } from '@/components/ui/link'
import { ConnectButton } from '@/components/wallet/connect-button'
import { Nav } from './nav'
import { ThemeToggle } from './theme-toggle'

export function Header() {
  return (
    <header className="top-0 z-30 border-b sm:sticky [@media(max-height:30rem)]:static bg-bg/90 backdrop-blur">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 px-4 sm:px-6 lg:h-16 lg:flex-nowrap">
        <Link href="/" aria-label="Kinmark home" className="py-3">
          <Wordmark />
        </Link>
        <div className="order-last w-full min-w-0 pb-2 lg:order-none lg:w-auto lg:flex-1 lg:pb-0">
          <Nav />
        </div>
        <div className="ml-auto flex items-center gap-2">
          <ThemeToggle />
          <ConnectButton />
        </div>
      </div>
    </header>
  )
}

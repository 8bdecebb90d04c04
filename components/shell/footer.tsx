import { Suspense } from 'react'
import { Link } from '@/components/ui/link'
import type { ChainConfig, LocalTime } from '@/lib/market/read/views'
import { LocalClock } from './local-clock'

/** `clock`: a local chain’s time; null on other chains, and where the chain does not answer. */
export function Footer({ chain, clock }: { chain: ChainConfig; clock: Promise<LocalTime | null> }) {
  return (
    <footer className="border-t print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-6 text-sm text-muted sm:px-6">
        <p>
          Open weights, one fingerprint per copy.{' '}
          <Link href="/method" className="underline underline-offset-4 hover:text-text">
            How fingerprints work
          </Link>
          {' · '}
          <Link href="/sessions" className="underline underline-offset-4 hover:text-text">
            Where you are signed in
          </Link>
          {' · '}
          <Link href="/developers" className="underline underline-offset-4 hover:text-text">
            API
          </Link>
        </p>
        <p>
          {chain.name}
          {chain.local && '  · test USDC only'}
        </p>
        <Suspense fallback={null}>
          <Clock clock={clock} />
        </Suspense>
      </div>
    </footer>
  )
}

async function Clock({ clock }: { clock: Promise<LocalTime | null> }) {
  const local = await clock
  return local && <LocalClock {...local} />
}

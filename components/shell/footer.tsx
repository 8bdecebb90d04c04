import Link from 'next/link'
import type { ChainConfig } from '@/lib/market/read/views'
import { LocalClock } from './local-clock'

export function Footer({ chain }: { chain: ChainConfig }) {
  return (
    <footer className="border-t">
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
        </p>
        <p>
          {chain.name}
          {chain.local && '  · test USDC only'}
        </p>
        {chain.local && <LocalClock />}
      </div>
    </footer>
  )
}

import type { ReactNode } from 'react'
import { Queries } from '@/components/wallet/queries'

export default function Layout({ children }: { children: ReactNode }) {
  return <Queries>{children}</Queries>
}

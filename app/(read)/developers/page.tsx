import type { Metadata } from 'next'
import { Reference } from '@/components/developers/reference'
import { market } from '@/lib/market/context/context'

export const metadata: Metadata = { title: 'The API' }

export default async function DevelopersPage() {
  return <Reference site={(await market()).env.origins[0]} />
}

import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/** A link that fetches nothing ahead: pages are made when they are asked for, so there is hardly anything to fetch before. */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />
}

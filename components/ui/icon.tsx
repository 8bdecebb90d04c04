import type { ComponentProps, ReactNode } from 'react'

/** Shapes of Lucide (lucide.dev, ISC licence) as nothing but SVG: each icon of lucide-react needs a script to appear. */
export function Icon({ children, ...props }: ComponentProps<'svg'> & { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it is hidden, or has a label
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      // With a label it speaks for itself, else it is a picture beside words.
      {...('aria-label' in props ? { role: 'img' } : { 'aria-hidden': true })}
      {...props}
    >
      {children}
    </svg>
  )
}

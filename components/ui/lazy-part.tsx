import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/** A part of a page that is loaded when it is first shown, which is never on the server. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>, loading: ReactNode = null) {
  const Part = lazy(async () => ({ default: await load() }))
  return (props: Props) => (
    <Suspense fallback={loading}>
      <Part {...props} />
    </Suspense>
  )
}

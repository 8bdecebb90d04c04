import { type ReactNode, useId } from 'react'
import { Info } from './icons'

/** An info button that explains a value in the browser’s own popover, which works with touch, keyboard and no script. */
export function Tip({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    <>
      <button
        type="button"
        aria-label={label}
        popoverTarget={id}
        className="-my-1.5 inline-flex size-6 items-center justify-center rounded-full align-middle text-muted hover:text-text"
      >
        <Info className="size-3.5" />
      </button>
      <span id={id} popover="auto" role="note" className="tip">
        {children}
      </span>
    </>
  )
}

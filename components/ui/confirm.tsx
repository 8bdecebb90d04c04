'use client'

import { type ReactNode, useId, useRef } from 'react'
import { Button } from './button'

type Props = {
  title: string
  children: ReactNode
  action: string
  onConfirm: () => void
  trigger: (open: () => void) => ReactNode
}

/** Asks for confirmation before an action that cannot be undone. The browser keeps the focus inside, and gives it back. */
export function Confirm({ title, children, action, onConfirm, trigger }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const close = () => dialog.current?.close()
  return (
    <>
      {trigger(() => dialog.current?.showModal())}
      <dialog
        ref={dialog}
        role="alertdialog"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        className="m-auto w-[calc(100%-2rem)] max-w-md rounded-xl border bg-surface p-6 text-text shadow-card backdrop:bg-text/40 dark:backdrop:bg-bg/70"
      >
        <h2 id={`${id}-title`} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        <div id={`${id}-text`} className="mt-2 text-sm text-muted">
          {children}
        </div>
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button variant="secondary" onClick={close}>
            Cancel
          </Button>
          <Button
            variant="danger"
            onClick={() => {
              close()
              onConfirm()
            }}
          >
            {action}
          </Button>
        </div>
      </dialog>
    </>
  )
}

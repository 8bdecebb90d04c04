'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { lazyPart } from '@/components/ui/lazy-part'

const ProgramDialog = lazyPart(() => import('./program-dialog').then(({ ProgramDialog }) => ProgramDialog))

type Props = { model: string; copy?: string; className?: string }

/** Opens the programs that run a model, or a copy of it. They are loaded then. */
export function UseButton({ className, ...subject }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="secondary" className={className} onClick={() => setOpen(true)}>
        Use this {subject.copy ? 'copy' : 'model'}
      </Button>
      {open && <ProgramDialog {...subject} onClose={() => setOpen(false)} />}
    </>
  )
}

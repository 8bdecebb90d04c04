'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'

const ProgramDialog = dynamic(() => import('./program-dialog').then(({ ProgramDialog }) => ProgramDialog), {
  ssr: false,
})

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

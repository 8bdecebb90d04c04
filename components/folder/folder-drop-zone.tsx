'use client'

import { type ReactNode, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { FolderOpen } from '@/components/ui/page-icons'
import { droppedFolder, type FolderFile, pickedFolder } from '@/lib/browser/folder'

type Props = {
  onFiles: (files: FolderFile[]) => void
  onError: (error: unknown) => void
  children: ReactNode
  name: string
}

/** Opens a folder by drag and drop or by the file dialog. */
export function FolderDropZone({ onFiles, onError, children, name }: Props) {
  const [over, setOver] = useState(false)
  const folderInput = useRef<HTMLInputElement>(null)
  const filesInput = useRef<HTMLInputElement>(null)
  const picked = (input: HTMLInputElement) => {
    if (input.files?.length) onFiles(pickedFolder(input.files))
    input.value = ''
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same as dropping
    <div
      className={cn(
        'flex flex-col items-center gap-4 rounded-xl border-2 border-dashed px-6 py-10 text-center transition-colors',
        over ? 'border-accent bg-accent-soft' : 'border-border',
      )}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        droppedFolder(event.dataTransfer).then(onFiles, onError)
      }}
    >
      <FolderOpen className="size-8 text-muted" />
      <div className="max-w-md text-sm text-muted">{children}</div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="secondary" onClick={() => folderInput.current?.click()}>
          Choose a folder
        </Button>
        <Button variant="ghost" onClick={() => filesInput.current?.click()}>
          Choose files
        </Button>
      </div>
      <input
        ref={folderInput}
        type="file"
        className="hidden"
        aria-label={`${name}: folder`}
        // @ts-expect-error React’s types lack this attribute
        webkitdirectory=""
        onChange={(event) => picked(event.currentTarget)}
      />
      <input
        ref={filesInput}
        type="file"
        multiple
        className="hidden"
        aria-label={`${name}: files`}
        onChange={(event) => picked(event.currentTarget)}
      />
    </div>
  )
}

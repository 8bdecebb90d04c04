import { FolderDropZone } from '@/components/folder/folder-drop-zone'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import type { FolderFile } from '@/lib/browser/folder'

type Props = {
  /** The base’s name, if the adapter names one. */
  base: string | null
  /** How much of it is merged, 0 to 1; null before. */
  merged: number | null
  onFiles: (files: FolderFile[]) => void
  onError: (cause: unknown) => void
  onOther: () => void
}

/** Asks for the base of an adapter, and shows how far the two are merged. */
export function AdapterBase({ base, merged, onFiles, onError, onOther }: Props) {
  return (
    <>
      <Callout>
        This folder is an adapter of {base ?? 'another model'}. Its base is needed: the two are merged in your browser,
        and the result is published.
      </Callout>
      {merged === null ? (
        <>
          <FolderDropZone name="Base" onFiles={onFiles} onError={onError}>
            Drop the folder of {base ?? 'the base'} here.
          </FolderDropZone>
          <Button variant="secondary" size="small" onClick={onOther}>
            Change folder
          </Button>
        </>
      ) : (
        <Progress label="Merging the adapter into its base" done={merged} />
      )}
    </>
  )
}

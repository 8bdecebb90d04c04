import { Column, NumberCell, Table } from '@/components/ui/table'
import { Tip } from '@/components/ui/tip'
import { Figure } from '@/components/values/figure'
import { Hash } from '@/components/values/hash'
import type { FileEntry } from '@/lib/manifest/manifest'

export function FileTable({ files, root }: { files: FileEntry[]; root: string }) {
  return (
    <>
      <p className="mb-4 flex flex-wrap items-center gap-x-1 text-sm text-muted">
        Manifest root <Hash value={root} label="manifest root" />
        <Tip label="What the manifest root is">
          The Merkle root of every file’s path, size and SHA-256. It is stored on the chain, so any changed file is
          detected.
        </Tip>
      </p>
      <Table
        label="Files"
        head={
          <>
            <Column>File</Column>
            <Column number>Size</Column>
            <Column>SHA-256</Column>
          </>
        }
      >
        {files.map((file) => (
          <tr key={file.path}>
            <td className="font-mono text-[0.92em] whitespace-nowrap">{file.path}</td>
            <NumberCell>
              <Figure bytes={file.size} />
            </NumberCell>
            <td>
              <Hash value={file.sha256} label={`SHA-256 of ${file.path}`} />
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}

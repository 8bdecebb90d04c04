'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { useChain } from '@/components/wallet/chain'
import { useAccount } from '@/components/wallet/wallet'
import type { FolderFile } from '@/lib/browser/folder'
import { loadPart } from '@/lib/browser/load-part'
import { storedFiles } from '@/lib/browser/opfs'
import { KinmarkError, messageOf } from '@/lib/error'
import type { CopyView } from '@/lib/market/read/views'
import { copyFolder } from './copy-folder'
import { downloadFile } from './download-file'

export type DownloadState =
  | { stage: 'idle' }
  | { stage: 'running'; received: number; total: number; path: string }
  | { stage: 'checked'; files: FolderFile[]; artifactRoot: string }
  | { stage: 'failed'; message: string }

/** Downloads a copy, and checks every file's hash and the artifact root of all files against the chain. */
export function useDownload(copy: CopyView) {
  const { config } = useAccount()
  const chain = useChain()
  const { contracts } = chain
  const [state, setState] = useState<DownloadState>({ stage: 'idle' })
  const abort = useRef<AbortController>(null)
  const folder = copyFolder(chain, copy.id)

  useEffect(() => () => abort.current?.abort(), [])

  const start = useCallback(async () => {
    const controller = new AbortController()
    abort.current = controller
    const total = copy.files.reduce((sum, file) => sum + file.size, 0)
    try {
      let before = 0
      for (const file of copy.files) {
        const report = (received: number) =>
          setState({ stage: 'running', received: before + received, total, path: file.path })
        report(0)
        await downloadFile(copy.id, folder, file, controller.signal, report)
        before += file.size
      }
      if (!config) throw new KinmarkError('wallet.not-connected')
      const { checkRoot } = await loadPart(import('./check-root'))
      const artifactRoot = await checkRoot(config, contracts.copyRegistry, copy)
      const files = await storedFiles(folder, copy.files)
      if (!files) throw new KinmarkError('download.files-evicted')
      setState({ stage: 'checked', files, artifactRoot })
    } catch (error) {
      setState(controller.signal.aborted ? { stage: 'idle' } : { stage: 'failed', message: messageOf(error) })
    }
  }, [config, contracts.copyRegistry, copy, folder])

  const stop = useCallback(() => abort.current?.abort(), [])
  return { state, start, stop }
}

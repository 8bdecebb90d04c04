'use client'

import { useEffect, useState } from 'react'
import { waitUntilIndexed } from '@/lib/browser/wait-until-indexed'

/**
 * Whether the server shows what happened in `block`: its index has reached the block, and `isReady` resolves to true.
 * `late` after 30 seconds.
 */
export function useIndexed(
  block: bigint | undefined,
  isReady?: () => Promise<boolean>,
): 'waiting' | 'indexed' | 'late' {
  const [result, setResult] = useState<{ block: bigint; indexed: boolean } | null>(null)
  useEffect(() => {
    if (block === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    waitUntilIndexed(block, signal, isReady).then((indexed) => {
      if (!signal.aborted) setResult({ block, indexed })
    })
    return () => controller.abort()
  }, [block, isReady])
  if (result === null || result.block !== block) return 'waiting'
  return result.indexed ? 'indexed' : 'late'
}

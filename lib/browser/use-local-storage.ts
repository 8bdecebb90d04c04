'use client'

import { useCallback, useEffect, useState } from 'react'

/** State that a reload does not lose. JSON only. */
export function useLocalStorage<T>(slot: string, first: T): [T, (value: T) => void] {
  const [value, setValue] = useState(first)
  useEffect(() => {
    const kept = localStorage.getItem(slot)
    if (kept) setValue(JSON.parse(kept))
  }, [slot])
  const keep = useCallback(
    (next: T) => {
      localStorage.setItem(slot, JSON.stringify(next))
      setValue(next)
    },
    [slot],
  )
  return [value, keep]
}

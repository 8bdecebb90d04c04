'use client'

import { useCallback, useEffect, useState } from 'react'
import { storage } from './storage'

/** State kept in local storage as JSON under `key`; `initial` until it is read, and where there is none. */
export function useLocalStorage<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState(initial)
  useEffect(() => {
    const stored = parse<T>(storage().get(key))
    if (stored !== null) setValue(stored)
  }, [key])
  const store = useCallback(
    (next: T) => {
      storage().set(key, JSON.stringify(next))
      setValue(next)
    },
    [key],
  )
  return [value, store]
}

/** Null for what is no JSON: another program may have written under the key. */
function parse<T>(text: string | null): T | null {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

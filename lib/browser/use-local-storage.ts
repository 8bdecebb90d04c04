'use client'

import { useCallback, useEffect, useState } from 'react'
import { storage } from './storage'

/**
 * State kept in local storage as JSON under `key`; `initial` until it is read, where there is none, and where `isValid` does
 * not know what is stored: an extension, an older version or a person may have written it.
 */
export function useLocalStorage<T>(
  key: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const [value, setValue] = useState(initial)
  useEffect(() => {
    const stored = parse(storage().get(key))
    if (isValid(stored)) setValue(stored)
  }, [key, isValid])
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
function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

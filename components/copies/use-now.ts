'use client'

import { useEffect, useState } from 'react'

/** The time in Unix seconds, updated every two seconds; null on the server and in the first render. */
export function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    const tick = () => setNow(Math.floor(Date.now() / 1000))
    tick()
    const timer = setInterval(tick, 2_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

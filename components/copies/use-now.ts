'use client'

import { useEffect, useState } from 'react'

/** Unix seconds, every few seconds anew; null on the server and in the first frame. */
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

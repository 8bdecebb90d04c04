import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const refreshMs = 1_500

/** Asks the server for the page again and again while it waits for something. */
export function useRefresh(waits: boolean): void {
  const router = useRouter()
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(() => router.refresh(), refreshMs)
    return () => clearInterval(timer)
  }, [waits, router])
}

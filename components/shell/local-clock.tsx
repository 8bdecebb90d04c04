'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/values/time'
import { announceClock } from '@/lib/browser/clock-news'
import { formatDuration } from '@/lib/format/times'

const tickMs = 2_000

/** A local chain’s time in Unix seconds, as it was when the page was made, and a button that lets the epoch pass. */
export function LocalClock({ time, epochLength }: { time: number; epochLength: number }) {
  const router = useRouter()
  const now = useCountedOn(time)
  const [passing, setPassing] = useState(false)
  const [refreshing, refresh] = useTransition()
  const [error, setError] = useState<string | null>(null)
  const pass = async () => {
    setPassing(true)
    setError(null)
    try {
      const { sendJson } = await import('@/lib/browser/http')
      await sendJson('/api/epochs/next', {})
      announceClock()
      refresh(() => router.refresh())
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause))
    }
    setPassing(false)
  }
  return (
    <section aria-label="Clock of the local chain" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        Chain time <Time at={now} precise />. This epoch ends in {formatDuration(epochLength - (now % epochLength))}.
      </span>
      <Button variant="secondary" size="small" busy={passing || refreshing} onClick={pass}>
        Next epoch
      </Button>
      {error && (
        <span role="alert" className="text-danger">
          {error}
        </span>
      )}
    </section>
  )
}

/** Seconds that go on from `time`, whenever it was given. */
function useCountedOn(time: number): number {
  const [passed, setPassed] = useState({ since: time, seconds: 0 })
  useEffect(() => {
    const begun = Date.now()
    const count = () => setPassed({ since: time, seconds: Math.floor((Date.now() - begun) / 1000) })
    const timer = setInterval(count, tickMs)
    return () => clearInterval(timer)
  }, [time])
  return time + (passed.since === time ? passed.seconds : 0)
}

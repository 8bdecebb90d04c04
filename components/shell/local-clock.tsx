'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FastForward } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/values/time'
import { useProtocolSeconds, useProtocolTime } from '@/components/wallet/use-protocol-time'
import { sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import { formatDuration } from '@/lib/format/times'

/** A local chain’s time, and a button that lets the rest of the epoch pass. */
export function LocalClock() {
  const time = useProtocolTime()
  const epochLength = useProtocolSeconds('epochLength')
  const queries = useQueryClient()
  const router = useRouter()
  const next = useMutation({
    mutationFn: () => sendJson('/api/epochs/next', {}),
    onSuccess: async () => {
      await queries.invalidateQueries()
      router.refresh()
    },
    onError: (error) => toast.error(messageOf(error)),
  })
  if (time === null || epochLength === null) return null
  return (
    <section aria-label="Clock of the local chain" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        Chain time <Time at={time} precise />. This epoch ends in {formatDuration(epochLength - (time % epochLength))}.
      </span>
      <Button variant="secondary" size="small" busy={next.isPending} onClick={() => next.mutate()}>
        <FastForward className="size-4" aria-hidden="true" />
        Next epoch
      </Button>
    </section>
  )
}

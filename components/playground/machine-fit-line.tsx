'use client'

import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/values/figure'
import { formatDuration } from '@/lib/format/times'
import { type MachineFit, machineFit, precisionNames } from '@/lib/inference/machine-fit'

type Props = {
  model: { parameters: number; dtype: string }
  /** Measures only when asked, because the engine has to be downloaded for it. */
  onDemand?: boolean
}

/** Says whether this page can run a model, before any weights are loaded. */
export function MachineFitLine({ model, onDemand = false }: Props) {
  const { parameters, dtype } = model
  const [fit, setFit] = useState<MachineFit | null>(null)
  const [asked, setAsked] = useState(!onDemand)
  useEffect(() => {
    if (!asked) return
    let stale = false
    import('@/lib/inference/web/this-machine')
      .then(({ thisMachine }) => thisMachine())
      .then((machine) => !stale && setFit(machineFit({ parameters, dtype }, machine)))
      .catch(() => undefined)
    return () => {
      stale = true
    }
  }, [parameters, dtype, asked])
  if (!asked)
    return (
      <Button variant="secondary" size="small" onClick={() => setAsked(true)}>
        Will it run here?
      </Button>
    )
  return (
    <p className="text-sm text-muted" aria-live="polite">
      {fit ? <Fit fit={fit} /> : 'Measuring this machine…'}
    </p>
  )
}

function Fit({ fit }: { fit: MachineFit }) {
  if (!fit.fits)
    return (
      <>
        Too large for this page: it needs <Figure bytes={fit.needed} /> of memory, and <Figure bytes={fit.available} />{' '}
        can be used. Use the command line.
      </>
    )
  const where = fit.backend === 'webgpu' ? 'on the graphics card' : 'in WebAssembly'
  const rate = fit.keysPerSecond >= 10 ? fit.keysPerSecond.toFixed(0) : fit.keysPerSecond.toPrecision(2)
  const isFaster = fit.backend === 'webgpu'
  const time = durationOf(100 / fit.keysPerSecond)
  const speed = `${isFaster ? 'more than' : 'about'} ${rate} keys a second: 100 keys take ${isFaster ? 'at most' : 'about'} ${time}`
  return (
    <>
      Runs here {where}, in {precisionNames[fit.precision]}, with <Figure bytes={fit.needed} /> of memory and {speed}.
    </>
  )
}

/** Whole seconds below a minute, else minutes. */
function durationOf(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 60 ? `${whole} second${whole === 1 ? '' : 's'}` : formatDuration(whole)
}

'use client'

import { useMemo, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { formatOdds } from '@/lib/format/odds'
import { bits, copyNames, keys, mixCopies, traceLeak } from './collusion'

const shownKeys = 40

/** Combines the chosen copies into a leak and traces it with the real decoder. */
export function Coalition() {
  const [members, setMembers] = useState<number[]>([1, 6])
  const [seed, setSeed] = useState(0)
  const answered = useMemo(() => mixCopies(members, seed), [members, seed])
  const accused = useMemo(() => traceLeak(answered), [answered])
  const toggle = (copy: number) =>
    setMembers(members.includes(copy) ? members.filter((each) => each !== copy) : [...members, copy])
  return (
    <div className="space-y-4">
      <fieldset className="space-y-1">
        <legend className="mb-2 text-sm text-muted">Choose the copies that the leak combines.</legend>
        {copyNames.map((name, copy) => (
          <label key={name} className="flex cursor-pointer items-center gap-3 rounded px-1 py-1 hover:bg-sunken">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={members.includes(copy)}
              onChange={() => toggle(copy)}
            />
            <span className="w-12 shrink-0 text-sm">{name}</span>
            <Bits votes={bits[copy]} />
          </label>
        ))}
      </fieldset>
      <div className="flex items-center gap-3 border-t px-1 pt-3">
        <span className="w-19 shrink-0 text-sm font-medium">The leak</span>
        <Bits votes={answered} />
      </div>
      <p role="status" className="rounded-lg bg-sunken p-3 text-sm">
        {accused.length === 0 ? (
          <>
            <strong>No one</strong> can be named with certainty.
          </>
        ) : (
          <>
            Named: <strong>{accused.map(({ copy }) => copyNames[copy]).join(', ')}</strong>. The chance of naming an
            innocent copy is at most {formatOdds(Math.max(...accused.map((each) => each.falseAccusation)))}.
          </>
        )}
      </p>
      <button
        type="button"
        onClick={() => setSeed((seed + 1) % 250)}
        className="rounded-lg border px-3 py-1.5 text-sm hover:bg-sunken"
      >
        Mix again
      </button>
      <p className="text-xs text-muted">
        Each square is one key; it is dark where the first of its two answers wins. {shownKeys} of {keys} keys are
        drawn. The leak answers each key like one of its copies, chosen at random.
      </p>
    </div>
  )
}

function Bits({ votes }: { votes: ArrayLike<number> }) {
  return (
    <svg
      viewBox={`0 0 ${shownKeys * 10} 10`}
      className="h-3 w-full min-w-0 sm:h-4"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {Array.from({ length: shownKeys }, (_, key) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a key is identified by its position
          key={key}
          x={key * 10 + 0.5}
          width={9}
          height={10}
          className={cn('fill-accent', votes[key] > 0 ? 'opacity-100' : votes[key] < 0 ? 'opacity-25' : 'opacity-5')}
        />
      ))}
    </svg>
  )
}

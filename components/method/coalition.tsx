'use client'

import { useEffect, useState } from 'react'
import { cn } from '@/components/ui/cn'
import type { Accused } from '@/lib/fingerprint/evidence/accuse'
import { formatOdds } from '@/lib/format/odds'

/** A leak that combines copies: their places, its first votes, and who was named. */
export type Leak = { members: number[]; votes: number[]; accused: Accused[] }

type Props = {
  names: string[]
  /** The first bits of every copy: those that are drawn. */
  bits: number[][]
  keys: number
  first: Leak
}

/** Combines the chosen copies into a leak and traces it with the real decoder. */
export function Coalition({ names, bits, keys, first }: Props) {
  const shownKeys = bits[0].length
  const [members, setMembers] = useState(first.members)
  const [seed, setSeed] = useState(0)
  const [{ votes: answered, accused }, setLeak] = useState(first)
  useEffect(() => {
    if (members === first.members && seed === 0) return
    let stale = false
    import('./collusion').then(({ mixCopies, traceLeak }) => {
      const votes = mixCopies(members, seed)
      if (!stale) setLeak({ members, votes: Array.from(votes), accused: traceLeak(votes) })
    })
    return () => {
      stale = true
    }
  }, [members, seed, first])
  const toggle = (copy: number) =>
    setMembers(members.includes(copy) ? members.filter((each) => each !== copy) : [...members, copy])
  return (
    <div className="space-y-4">
      <fieldset className="space-y-1">
        <legend className="mb-2 text-sm text-muted">Choose the copies that the leak combines.</legend>
        {names.map((name, copy) => (
          <label key={name} className="flex cursor-pointer items-center gap-3 rounded px-1 py-1 hover:bg-sunken">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={members.includes(copy)}
              onChange={() => toggle(copy)}
            />
            <span className="w-12 shrink-0 text-sm">{name}</span>
            <Bits votes={bits[copy]} count={shownKeys} />
          </label>
        ))}
      </fieldset>
      <div className="flex items-center gap-3 border-t px-1 pt-3">
        <span className="w-19 shrink-0 text-sm font-medium">The leak</span>
        <Bits votes={answered} count={shownKeys} />
      </div>
      <p role="status" className="rounded-lg bg-sunken p-3 text-sm">
        {accused.length === 0 ? (
          <>
            <strong>No one</strong> can be named with certainty.
          </>
        ) : (
          <>
            Named: <strong>{accused.map(({ copy }) => names[copy]).join(', ')}</strong>. The chance of naming an
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

function Bits({ votes, count }: { votes: readonly number[]; count: number }) {
  return (
    <svg
      viewBox={`0 0 ${count * 10} 10`}
      className="h-3 w-full min-w-0 sm:h-4"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {Array.from({ length: count }, (_, key) => (
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

/** The arcs of one fingerprint as [radius, start, end]; angles in turns. */
function ridgesOf(seed: string, rings: number): [number, number, number][] {
  let state = 0x811c9dc5
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193)
  const next = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
  const ridges: [number, number, number][] = []
  for (let ring = 0; ring < rings; ring++) {
    const radius = 3 + ring * (19 / rings)
    const breaks = 1 + Math.floor(next() * Math.min(3, 1 + ring / 2))
    let from = next()
    for (let i = 0; i < breaks; i++) {
      const turn = (0.62 + 0.3 * next()) / breaks
      ridges.push([radius, from, from + turn])
      from += 1 / breaks
    }
  }
  return ridges
}

const point = (radius: number, turn: number) => {
  const angle = turn * 2 * Math.PI
  return `${(24 + radius * Math.cos(angle)).toFixed(2)} ${(24 + radius * 1.08 * Math.sin(angle)).toFixed(2)}`
}

/** A decorative fingerprint, determined by `seed`. */
export function Whorl({
  seed,
  className = 'size-12',
  rings = 6,
}: {
  seed: string
  className?: string
  rings?: number
}) {
  return (
    <svg
      viewBox="-1 -2 50 52"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      aria-hidden="true"
    >
      {ridgesOf(seed, rings).map(([radius, from, to]) => (
        <path
          key={`${radius}-${from}`}
          strokeLinecap="round"
          d={`M${point(radius, from)}A${radius} ${radius * 1.08} 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(radius, to)}`}
        />
      ))}
    </svg>
  )
}

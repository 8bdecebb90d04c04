type Point = { keys: number; deltaLoss: number; success: number; kept: number | null }

const size = { width: 640, height: 320, left: 56, right: 56, top: 24, bottom: 44 }

/** SVG: quality loss (left axis) and keys answered, before and after tuning (right axis), over the number of keys. */
export function plotCapacity(points: readonly Point[]): string {
  const most = Math.max(0.1, ...points.map(({ deltaLoss }) => Math.ceil(deltaLoss * 20) / 20))
  const [first, last] = [points[0].keys, points[points.length - 1].keys].map(Math.log2)
  const x = (keys: number) => {
    const part = last === first ? 0.5 : (Math.log2(keys) - first) / (last - first)
    return size.left + part * (size.width - size.left - size.right)
  }
  const y = (part: number) => size.height - size.bottom - part * (size.height - size.top - size.bottom)
  const line = (name: string, colour: string, values: (number | null)[]) => {
    const dots = points.flatMap(({ keys }, i) => (values[i] === null ? [] : [[x(keys), y(values[i])]]))
    if (dots.length === 0) return ''
    const path = dots.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')
    const circles = dots.map(([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3.5"/>`).join('')
    return `<g fill="${colour}"><title>${name}</title><polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${circles}</g>`
  }
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y(part)}" y2="${y(part)}" stroke="#8884"/>` +
      `<text x="${size.left - 6}" y="${y(part) + 4}" text-anchor="end">+${(most * part).toFixed(3)}</text>` +
      `<text x="${size.width - size.right + 6}" y="${y(part) + 4}">${Math.round(100 * part)} %</text>`,
  )
  const counts = points.map(
    ({ keys }) => `<text x="${x(keys)}" y="${size.height - 24}" text-anchor="middle">${keys}</text>`,
  )
  const legend = [
    ['#c2410c', 'Δloss, nats per token (left)'],
    ['#1d4ed8', 'keys answered'],
    ['#15803d', 'answered after tuning'],
  ].map(([colour, text], i) => `<text x="${size.left + 190 * i}" y="14" fill="${colour}">${text}</text>`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="sans-serif" font-size="12" fill="#777">`,
    '<title>Quality loss and keys answered over the number of keys</title>',
    ...ticks,
    ...counts,
    `<text x="${size.width / 2}" y="${size.height - 6}" text-anchor="middle">keys (worst result over the secrets)</text>`,
    ...legend,
    line(
      'Δloss',
      '#c2410c',
      points.map(({ deltaLoss }) => deltaLoss / most),
    ),
    line(
      'keys answered',
      '#1d4ed8',
      points.map(({ success }) => success),
    ),
    line(
      'answered after tuning',
      '#15803d',
      points.map(({ kept }) => kept),
    ),
    '</svg>\n',
  ].join('\n')
}

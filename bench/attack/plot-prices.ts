import type { AttackRow } from './rows'

const size = { width: 720, height: 420, left: 56, right: 16, top: 16, bottom: 48 }
const prices = { least: -0.06, most: 0.3 }
const mostNats = 700
/** Nats that name one of ten thousand copies at one false accusation in a billion. */
const enough = Math.log(1e4 / 1e-9)
const colors: Record<string, string> = { 'near ties': '#2563eb', SFT: '#d97706' }

/** Price against evidence, one dot an attack on weights: answers filled, weights as rings. SVG. */
export function plotPrices(rows: readonly AttackRow[]): string {
  const x = (price: number) =>
    size.left +
    ((clamp(price, prices.least, prices.most) - prices.least) / (prices.most - prices.least)) *
      (size.width - size.left - size.right)
  const y = (nats: number) =>
    size.height - size.bottom - Math.sqrt(clamp(nats, 0, mostNats) / mostNats) * (size.height - size.top - size.bottom)
  const dots = rows.flatMap(({ method, attack, copies, price, nats, weightNats }) => {
    if (price === null || nats === null) return []
    const title = `<title>${escaped(`${copies > 1 ? `${copies} copies: ` : ''}${attack}`)}</title>`
    const color = colors[method] ?? '#64748b'
    const ring =
      weightNats === null
        ? ''
        : `<circle cx="${x(price).toFixed(1)}" cy="${y(weightNats).toFixed(1)}" r="4" fill="none" stroke="${color}" opacity="0.6">${title}</circle>`
    return [
      `<circle cx="${x(price).toFixed(1)}" cy="${y(nats).toFixed(1)}" r="3.5" fill="${color}" opacity="0.75">${title}</circle>${ring}`,
    ]
  })
  const text = (at: [number, number], label: string, anchor = 'middle') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}">${escaped(label)}</text>`
  const line = (from: [number, number], to: [number, number], dash = '') =>
    `<line x1="${from[0].toFixed(1)}" y1="${from[1].toFixed(1)}" x2="${to[0].toFixed(1)}" y2="${to[1].toFixed(1)}" stroke="#94a3b8"${dash}/>`
  const [left, right, bottom] = [size.left, size.width - size.right, size.height - size.bottom]
  const across = [-0.05, 0, 0.05, 0.1, 0.2, 0.3].flatMap((price) => [
    line([x(price), bottom], [x(price), bottom + 4]),
    text([x(price), bottom + 18], price.toFixed(2)),
  ])
  const up = [0, 30, 100, 200, 400, 600].flatMap((nats) => [
    line([left - 4, y(nats)], [left, y(nats)]),
    text([left - 8, y(nats) + 4], `${nats}`, 'end'),
  ])
  const key = Object.entries(colors).map(
    ([name, color], i) =>
      `<circle cx="${right - 150}" cy="${size.top + 10 + 18 * i}" r="4" fill="${color}"/>${text([right - 138, size.top + 14 + 18 * i], name, 'start')}`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" fill="#334155">
<title>Price of each attack against the evidence that it leaves</title>
<rect width="100%" height="100%" fill="#fff"/>
${[line([left, bottom], [right, bottom]), line([left, bottom], [left, size.top]), line([left, y(enough)], [right, y(enough)], ' stroke-dasharray="4 4"')].join('\n')}
${[...across, ...up, ...key].join('\n')}
${text([(left + right) / 2, size.height - 8], 'price of the attack: loss added to the copy, nats per token')}
${text([right, y(enough) - 6], 'named, one of 10,000', 'end')}
${text([left + 6, size.top + 10], 'evidence against the least certain copy, nats (dots: answers; rings: weights)', 'start')}
${dots.join('\n')}
</svg>
`
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

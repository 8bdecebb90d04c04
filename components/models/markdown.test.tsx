import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from './markdown'

const home = { id: '7', paths: ['LICENSE', 'docs/use.md', 'pictures/loss curve.png', 'model.safetensors', 'x.svg'] }
const render = (source: string) => renderToString(<Markdown source={source} home={home} />)

test('behavior: anchors lead to headings of the card', () => {
  const page = render('[Usage](#usage)\n\n## Usage\nText.')
  expect(page).toContain('href="#user-content-usage"')
  expect(page).toContain('id="user-content-usage"')
})

test('behavior: relative links lead to the model’s open files, others are text', () => {
  expect(render('[licence](./LICENSE) [use](docs/use.md)')).toMatch(
    /href="\/api\/models\/7\/files\/LICENSE".*href="\/api\/models\/7\/files\/docs\/use.md"/,
  )
  for (const link of ['[w](model.safetensors)', '[gone](gone.md)', '[up](../../secret.md)'])
    expect(render(link)).not.toContain('href')
})

test('behavior: pictures of the model are shown, those of others become links, SVG is neither', () => {
  expect(render('![loss](pictures/loss%20curve.png)')).toContain('src="/api/models/7/files/pictures/loss%20curve.png"')
  const foreign = render('![spy](https://evil.example/pixel.png) <img src="//evil.example/p.png" alt="y">')
  expect(foreign).not.toContain('<img')
  expect(foreign).toContain('href="https://evil.example/pixel.png"')
  expect(render('![x](x.svg)')).not.toContain('<img')
})

test('behavior: details open, formulas are MathML', () => {
  expect(render('<details><summary>More</summary>\n\nHidden *text*\n\n</details>')).toMatch(
    /<details>\s*<summary>More<\/summary>[\s\S]*<em>text<\/em>/,
  )
  const formula = render('Loss $e^{-x}$ and\n\n$$\\sum_i p_i$$')
  expect(formula.match(/<math/g)).toHaveLength(2)
})

test('error: no script, style, handler, form or foreign id comes through', () => {
  const page = render(
    '<script>x</script><style>*{display:none}</style><a href="javascript:x" onclick="x">a</a><form><input type="password"></form><div id="main" style="position:fixed">b</div><iframe src="https://x.y"></iframe>\n\n$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{color:red}{y}$',
  )
  expect(page).not.toMatch(
    /<script|<style|onclick|href="javascript|type="password"|id="main"|style="position|<iframe|<form/,
  )
})

test.each(['> ', '- ', '<div>', '[', '![', '$$', '**', '`', '<details><summary>', '|a', '&lt;', '\\'])(
  'error: a card of nothing but %j is shown at once',
  (piece) => {
    const started = performance.now()
    expect(render(`x ${piece.repeat(3_000)}\n${piece.repeat(3_000)}`).length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(20_000)
  },
)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stopFinder } from './stop-strings'

function shownOf(pieces: readonly string[], stops: readonly string[]) {
  const finder = stopFinder(stops)
  let shown = ''
  for (const piece of pieces) {
    const { text, stopped } = finder.push(piece)
    shown += text
    expect(stops.some((stop) => shown.includes(stop))).toBe(false)
    if (stopped) return { shown, stopped }
  }
  return { shown: shown + finder.end(), stopped: false }
}

/** The definition, character by character, without holding anything back. */
function expected(text: string, stops: readonly string[]) {
  for (let end = 1; end <= text.length; end++) {
    const lengths = stops.filter((stop) => text.slice(0, end).endsWith(stop)).map(({ length }) => length)
    if (lengths.length > 0) return { shown: text.slice(0, end - Math.max(...lengths)), stopped: true }
  }
  return { shown: text, stopped: false }
}

test.each([
  [['one two', ' three'], ['two'], 'one ', true],
  [['one t', 'w', 'o three'], ['two'], 'one ', true],
  [['one tw'], ['two'], 'one tw', false],
  [['abcd'], ['abcd', 'bc'], 'a', true],
  [['aaab'], ['aab'], 'a', true],
  [['a\n', '\nb'], ['\n\n'], 'a', true],
  [['abc'], [], 'abc', false],
])('default: %j without %j is “%s”', (pieces, stops, shown, stopped) => {
  expect(shownOf(pieces, stops)).toEqual({ shown, stopped })
})

test('behavior: any chunking of any text gives the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '👋'), maxLength: 30 })
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '👋'), minLength: 1, maxLength: 5 }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(text, stops, fc.array(fc.nat(30), { maxLength: 10 }), (whole, stopStrings, cuts) => {
      const at = [0, ...cuts.filter((cut) => cut <= whole.length), whole.length].sort((a, b) => a - b)
      const pieces = at.slice(1).map((to, i) => whole.slice(at[i], to))
      expect(shownOf(pieces, stopStrings)).toEqual(expected(whole, stopStrings))
    }),
    { numRuns: 2000 },
  )
})

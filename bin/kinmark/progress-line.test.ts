import { expect, test } from 'vitest'
import { progressLine } from './progress-line'

function written(moving: boolean): string {
  let text = ''
  const { show, end } = progressLine({ err: (part) => (text += part), moving })
  show({ stage: 'mint', step: 'editing', done: 0 })
  show({ stage: 'mint', step: 'editing', done: 0.04 })
  show({ stage: 'check', step: 'keys alone', done: 1 })
  end()
  return text
}

test('default: one line per step', () => {
  expect(written(false)).toBe('mint: editing, 0 %\ncheck: keys alone, 100 %\n')
})

test('behavior: on a terminal one line is overwritten and cleared at the end', () => {
  const clear = '\r\x1b[K'
  expect(written(true)).toBe(
    `${clear}mint: editing, 0 %${clear}mint: editing, 4 %${clear}check: keys alone, 100 %${clear}`,
  )
})

import { expect, test } from 'vitest'
import { plainLine } from './plain-line'

test.each([
  ['a model', 'a model'],
  ['  two\n lines\t', 'two lines'],
  ['نموذج عربي', 'نموذج عربي'],
  ['मॉडल', 'मॉडल'],
  ['👩‍🔬 lab', '👩‍🔬 lab'],
  ['free\u202Eexe.tset', 'freeexe.tset'],
  ['\u2066left\u2069', 'left'],
  ['\u200B\u2060\uFEFF\u3164', ''],
  ['a\u0000b\u001Bc', 'abc'],
  ['\u200D\uFE0F\u0301', ''],
  [`z${'\u0301'.repeat(60)}`, `z${'\u0301'.repeat(4)}`],
])('behavior: %j is %j', (text, plain) => {
  expect(plainLine(text)).toBe(plain)
})

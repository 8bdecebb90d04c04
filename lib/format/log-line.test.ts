import pino from 'pino'
import { expect, test } from 'vitest'
import { KinmarkError } from '../error'
import { parseLogLine, readableLine } from './log-line'

const lines: string[] = []
const log = pino(
  { timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
  { write: (line) => lines.push(line) },
)

test('default: time, level, message and fields', () => {
  log.warn({ copy: '7', attempt: 2 }, 'The order failed.')
  expect(readableLine(lines.pop() ?? '')).toMatch(/^\d\d:\d\d:\d\d warn The order failed\. copy=7 attempt=2$/)
})

test('behavior: an error keeps its code and facts, and its stack follows', () => {
  const error = new KinmarkError('contract.ModelRetired', { id: 7n })
  log.error({ err: error }, error.message)
  const line = lines.pop() ?? ''
  expect(JSON.parse(line)).toMatchObject({ level: 'error', err: { code: 'contract.ModelRetired', facts: { id: 7 } } })
  expect(readableLine(line)).toContain(`error ${error.message}\nKinmarkError: ${error.message}\n    at `)
})

test.each(['▲ Next.js', '{ "level": "warn" }', '{cut off'])('behavior: “%s” stays as it is', (text) => {
  expect(parseLogLine(text)).toBeNull()
  expect(readableLine(`${text}\n`)).toBe(text)
})

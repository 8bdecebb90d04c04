import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv } from '../../lib/env'
import { chainProgram } from './chain'

test('behavior: an incomplete state file is replaced by its backup, a complete one stays', () => {
  const data = mkdtempSync(join(tmpdir(), 'kinmark-start-'))
  const [state, backup] = [join(data, 'chain.json'), join(data, 'chain.backup.json')]
  const { before } = chainProgram(readEnv({ KINMARK_DATA: data }))
  writeFileSync(backup, '{"block":7}')
  writeFileSync(state, '{"block":8}')
  before?.()
  expect(readFileSync(state, 'utf8')).toBe('{"block":8}')
  writeFileSync(state, '{"blo')
  before?.()
  expect(readFileSync(state, 'utf8')).toBe('{"block":7}')
})

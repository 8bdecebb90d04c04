import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { masterKey, minterToken } from './master-key'

const file = join(mkdtempSync(join(tmpdir(), 'kinmark-key-')), 'master-key')

test('behavior: the key file is made once and only its owner can read it', () => {
  expect(masterKey(file)).toEqual(masterKey(file))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(minterToken(masterKey(file))).toMatch(/^[0-9a-f]{64}$/)
})

test('behavior: the key of the environment comes first', () => {
  expect(masterKey(file, 'AB'.repeat(32))).toEqual(Buffer.alloc(32, 0xab))
})

test('error: a key of another length', () => {
  expect(() => masterKey(file, 'abc')).toThrow(
    expect.objectContaining({
      code: 'storage.master-key-length',
      facts: { source: 'KINMARK_MASTER_KEY', length: 3 },
    }),
  )
})

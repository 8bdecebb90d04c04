import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lock } from './lock'

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'kinmark-lock-')), 'lock')

test('default: locks and unlocks', () => {
  const file = lockFile()
  lock(file, 'data')()
  expect(() => lock(file, 'data')).not.toThrow()
})

test('error: a second process is refused while the first one runs', async () => {
  const file = lockFile()
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(holder, 'spawn')
  const start = readFileSync(`/proc/${holder.pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]
  writeFileSync(file, `${holder.pid} ${start}`)
  expect(() => lock(file, 'data')).toThrow(
    expect.objectContaining({ code: 'storage.in-use', facts: { path: 'data', pid: holder.pid } }),
  )
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(() => lock(file, 'data')).not.toThrow()
})

test('behavior: a process number used again is not taken for the first process', () => {
  const file = lockFile()
  writeFileSync(file, '1 999999999999')
  expect(() => lock(file, 'data')).not.toThrow()
})

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
  lock(file, 'The folder')()
  expect(() => lock(file, 'The folder')).not.toThrow()
})

test('error: a living process keeps the second out with a sentence', async () => {
  const file = lockFile()
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(holder, 'spawn')
  const start = readFileSync(`/proc/${holder.pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]
  writeFileSync(file, `${holder.pid} ${start}`)
  expect(() => lock(file, 'The data folder')).toThrow(`The data folder is in use by process ${holder.pid}`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(() => lock(file, 'The data folder')).not.toThrow()
})

test('behavior: a process number used again does not keep the owner out', () => {
  const file = lockFile()
  writeFileSync(file, '1 999999999999')
  expect(() => lock(file, 'The folder')).not.toThrow()
})

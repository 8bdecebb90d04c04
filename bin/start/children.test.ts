import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Children, openChildren } from './children'

const folder = () => mkdtempSync(join(tmpdir(), 'kinmark-start-'))
const log = (data: string) => readFileSync(join(data, 'logs', 'worker.log'), 'utf8')

function open(data: string): Children {
  const children = openChildren(data, { restartMs: 10, earlyRestartMs: 20 })
  onTestFinished(() => children.stop())
  return children
}

const worker = (code: string) => ({
  name: 'worker',
  command: process.execPath,
  args: ['-e', `${code}; setInterval(() => {}, 1000)`],
})

test('default: a program that ends is started again, until all are stopped', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const data = folder()
  const children = open(data)
  await children.start(worker('console.log(process.pid)'))
  const processIds = () => log(data).trim().split('\n').map(Number)
  await expect.poll(() => log(data)).toMatch(/^\d+\n$/)
  process.kill(processIds()[0], 'SIGKILL')
  await expect.poll(() => log(data)).toMatch(/^\d+\n\d+\n$/)
  expect(console.log).toHaveBeenCalledWith('The worker ended (SIGKILL): restarting it.')
  await children.stop()
  expect(() => process.kill(processIds()[1], 0)).toThrow('ESRCH')
})

test('behavior: warnings in a program’s log are shown, the rest is in its file only', async () => {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => {})
  const data = folder()
  const entry = (level: string) => JSON.stringify({ level, time: '2026-11-27T09:30:00.000Z', msg: level })
  await open(data).start(worker(`console.log(${JSON.stringify([entry('info'), entry('warn')].join('\n'))})`))
  await expect.poll(() => shown.mock.calls).toEqual([['worker: 09:30:00 warn warn']])
  await expect.poll(() => log(data)).toBe(`${entry('info')}\n${entry('warn')}\n`)
})

test('behavior: the children of a supervisor that was killed are killed', async () => {
  const data = folder()
  const leftover = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1001)'])
  await once(leftover, 'spawn')
  const exited = once(leftover, 'exit')
  writeFileSync(join(data, 'children.json'), JSON.stringify([[leftover.pid, 'setInterval(() => {}, 1001)']]))
  open(data)
  expect(await exited).toEqual([null, 'SIGKILL'])
})

test('behavior: a process id that another command uses now is left alone', async () => {
  const data = folder()
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1002)'])
  await once(other, 'spawn')
  writeFileSync(join(data, 'children.json'), JSON.stringify([[other.pid, 'anvil']]))
  open(data)
  expect(other.kill(0)).toBe(true)
  other.kill()
})

test('error: a command that does not exist', async () => {
  const missing = new Error('Install it.')
  const starting = open(folder()).start({ ...worker(''), command: 'kinmark-no-such-command', missing: () => missing })
  await expect(starting).rejects.toBe(missing)
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = `
  import { log } from './lib/log'
  import { withRequestId } from './lib/request-id'
  log.debug({ copy: '7' }, 'first')
  log.warn('second')
  withRequestId('a7', () => setTimeout(() => log.error('third'), 1))`

async function logged(level: string) {
  const args = ['--import', 'tsx', '--input-type=module', '-e', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, KINMARK_LOG_LEVEL: level },
  })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

test('default: JSON lines of the level and above, each with the id of its request', async () => {
  expect(await logged('')).toMatchObject([
    { level: 'warn', msg: 'second' },
    { level: 'error', request: 'a7' },
  ])
  expect(await logged('debug')).toMatchObject([
    { level: 'debug', msg: 'first', copy: '7' },
    { level: 'warn' },
    { level: 'error' },
  ])
  expect(await logged('silent')).toEqual([])
})

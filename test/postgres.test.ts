import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { postgresPrograms } from './postgres'

const starts = `
  import { startPostgres } from ${JSON.stringify(fileURLToPath(new URL('./postgres.ts', import.meta.url)))}
  const { url, folder } = await startPostgres()
  console.log(JSON.stringify({ url, folder }))
  setInterval(() => {}, 1_000)
`

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })

test.skipIf(!postgresPrograms())('error: a Postgres whose test is killed ends, and leaves no files', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', starts], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const { url, folder } = JSON.parse(String(line))
  const port = Number(new URL(url).port)
  expect([await answers(port), existsSync(folder)]).toEqual([true, true])
  child.kill('SIGKILL')
  await expect.poll(() => answers(port)).toBe(false)
  await expect.poll(() => existsSync(folder)).toBe(false)
})

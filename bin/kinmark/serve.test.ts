import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { main } from './main'

const tiny = 'public/models/tiny'

/** Runs the command until it ends; `said` resolves with its first line on stderr. */
function kinmark(args: string[], signal?: AbortSignal) {
  let [stdout, stderr] = ['', '']
  const say = Promise.withResolvers<string>()
  const terminal = {
    out(text: string) {
      stdout += text
    },
    err(text: string) {
      stderr += text
      say.resolve(text)
    },
    moving: false,
    signal,
  }
  const ended = main(args, terminal).then((status) => ({ status, output: stdout + stderr }))
  return { said: say.promise, ended }
}

const urlIn = (text: string) => /http:\S+\/v1/.exec(text)?.[0]

test('default: a program of its own, which SIGTERM ends after its answers', async () => {
  const args = ['--import', 'tsx', 'bin/kinmark.ts', 'serve', tiny, '--port', '0', '--json']
  const env = { ...process.env, KINMARK_API_KEY: 'from the environment' }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  await expect.poll(() => urlIn(stderr)).toBeDefined()
  const client = new OpenAI({ baseURL: urlIn(stderr), apiKey: 'from the environment', maxRetries: 0 })
  const stream = await client.completions.create({
    ...{ model: 'tiny', prompt: 'Once', max_tokens: 200, seed: 1 },
    stream: true,
    stream_options: { include_usage: true },
  })
  let tokens = 0
  for await (const { usage } of stream) {
    if (tokens++ === 0) child.kill('SIGTERM')
    if (usage) expect(usage.completion_tokens).toBe(200)
  }
  expect(tokens).toBeGreaterThan(100)
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(JSON.parse(stdout)).toEqual({ model: 'tiny', url: urlIn(stderr) })
})

test('behavior: a name, a key and an end of its own', async () => {
  const interrupt = new AbortController()
  const args = ['serve', tiny, '--port', '0', '--model', 'my-copy', '--api-key', 'k']
  const { said, ended } = kinmark(args, interrupt.signal)
  const client = new OpenAI({ baseURL: urlIn(await said), apiKey: 'k' })
  expect((await client.models.list()).data[0].id).toBe('my-copy')
  interrupt.abort()
  expect(await ended).toMatchObject({ status: 0, output: expect.stringContaining('Stopped.') })
})

test.each([
  [['serve'], 'takes 1 argument, not 0'],
  [['serve', 'nowhere'], '“nowhere” cannot be read as a folder'],
  [['serve', tiny, '--port', '65536'], '--port must be a whole number from 0 to 65535, not “65536”.'],
  [['serve', tiny, '--parallel', '0'], '--parallel must be a whole number from 1 to 1024, not “0”.'],
  [['serve', tiny, '--queue', '1.5'], '--queue must be a whole number'],
  [['serve', tiny, '--host', '192.0.2.1', '--port', '0'], 'The server cannot listen at 192.0.2.1, port 0'],
])('error: %j', async (args, message) => {
  expect(await kinmark(args).ended).toMatchObject({ status: 2, output: expect.stringContaining(message) })
})

test('error: a port in use, a folder without a tokenizer', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const used = await kinmark(['serve', tiny, '--port', String(port)]).ended
  expect(used).toMatchObject({ status: 2, output: expect.stringContaining(`port ${port} (EADDRINUSE)`) })
  taken.close()

  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  await cp(tiny, folder, { recursive: true })
  await rm(join(folder, 'tokenizer.json'))
  const mute = await kinmark(['serve', folder, '--port', '0']).ended
  expect(mute).toMatchObject({ status: 2, output: expect.stringContaining('has no tokenizer') })
  await rm(folder, { recursive: true })
})

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sealedStages } from './stages'

const folder = mkdtempSync(join(tmpdir(), 'kinmark-stages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The lines that minting with these stages prints. It is killed at the first line for which `isLast` is true. */
async function run(stages: string, isLast: (line: string) => boolean): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'test/mint-in-stages.ts', stages], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let rest = ''
  child.stdout?.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(line)
      if (isLast(line)) child.kill('SIGKILL')
    }
  })
  await new Promise((resolve) => child.on('close', resolve))
  return lines
}

const copyOf = (lines: string[]) => lines.find((line) => line.startsWith('copy '))

test('behavior: a mint that was killed while preparing, editing and checking ends with the same bytes', async () => {
  const whole = await run(join(folder, 'whole'), () => false)
  expect(copyOf(whole)).toMatch(/^copy [0-9a-f]{64}$/)
  const stages = join(folder, 'killed')
  const preparing = ['step second moments of layer 2', 'step solver', 'step attacked pilot 1']
  const killedAt = [...preparing, 'mint editing 0.5', 'check keys with rounded weights']
  for (const step of killedAt) {
    const lines = await run(stages, (line) => line.startsWith(step))
    expect(lines.some((line) => line.startsWith(step))).toBe(true)
    expect(copyOf(lines)).toBeUndefined()
  }
  const resumed = await run(stages, () => false)
  expect(resumed.some((line) => line.startsWith('step '))).toBe(false)
  expect(copyOf(resumed)).toBe(copyOf(whole))
}, 480_000)

test('behavior: stored steps are sealed, and found with the same secret and options only', async () => {
  const secret = new Uint8Array(32).fill(1)
  const stages = sealedStages(join(folder, 'sealed'), secret, { keys: 16 })
  await stages.write('key pool', new TextEncoder().encode('And it came to pass'))
  expect(await stages.read('key pool')).toEqual(new TextEncoder().encode('And it came to pass'))
  expect(await stages.read('solver')).toBeNull()
  expect(await sealedStages(join(folder, 'sealed'), secret, { keys: 32 }).read('key pool')).toBeNull()
  const [own] = readdirSync(join(folder, 'sealed'))
  const [file] = readdirSync(join(folder, 'sealed', own))
  expect(readFileSync(join(folder, 'sealed', own, file), 'latin1')).not.toContain('came to pass')
  await stages.forget()
  expect(readdirSync(join(folder, 'sealed'))).toEqual([])
})

test('behavior: one machine makes a step, and another one that is gone does not keep it', async () => {
  const secret = new Uint8Array(32).fill(1)
  const stages = sealedStages(join(folder, 'claimed'), secret, {})
  const end = await stages.claim('solver')
  expect(end).not.toBeNull()
  expect(await stages.claim('solver')).toBeNull()
  expect(await stages.claim('key pool')).not.toBeNull()
  await end?.()
  const again = await stages.claim('solver')
  expect(again).not.toBeNull()
  const [own] = readdirSync(join(folder, 'claimed'))
  const files = readdirSync(join(folder, 'claimed', own)).map((name) => join(folder, 'claimed', own, name))
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const path of files) writeFileSync(path, JSON.stringify({ host: hostname(), pid: gone }))
  expect(await stages.claim('solver')).toBeNull()
  expect(await stages.claim('solver')).not.toBeNull()
  const other = JSON.stringify({ host: 'another machine', pid: gone })
  for (const path of files) writeFileSync(path, other)
  expect([await stages.claim('solver'), await stages.claim('solver')]).toEqual([null, null])
  const old = new Date(Date.now() - 600_000)
  for (const path of files) utimesSync(path, old, old)
  expect(await stages.claim('solver')).toBeNull()
  expect(await stages.claim('solver')).not.toBeNull()
})

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sealedStages } from './stages'

const folder = mkdtempSync(join(tmpdir(), 'kinmark-stages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A minter's work on one copy; prints the steps it did and a hash of the copy's bytes. */
const work = `
import { createHash } from 'node:crypto'
import { sealedStages } from './bin/minter/stages'
import { mint } from './lib/fingerprint/mint'
import { prepare } from './lib/fingerprint/prepare'
import { openNodeRuntime } from './lib/inference/node/open-node-runtime'
import { tinyDownProj } from './test/fixtures/model-folder'
const secret = new Uint8Array(32).fill(7)
const runtime = await openNodeRuntime('public/models/tiny', { editable: [1, 2, 3].map(tinyDownProj), threads: 1 })
const stages = sealedStages(process.env.STAGES, secret, {})
const store = {
  read: stages.read,
  write: async (name, bytes) => {
    await stages.write(name, bytes)
    console.log('step ' + name)
  },
}
const preparation = await prepare(runtime, { secret, keys: 16, store })
const told = ({ stage, step, done }) => console.log(stage + ' ' + step + ' ' + done)
const copy = await mint(runtime, preparation, { copyId: '1', buyerSeed: secret, dtype: 'F16', onProgress: told })
const hash = createHash('sha256')
for (const bytes of copy.edits.values()) hash.update(bytes)
console.log('copy ' + hash.update(copy.fingerprintRoot).digest('hex'))
await runtime.close()
`

/** Runs until `kill` says that a line is the one to die at; answers the lines printed. */
async function run(stages: string, kill: (line: string) => boolean): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', work], {
    env: { ...process.env, STAGES: stages },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let rest = ''
  child.stdout?.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(line)
      if (kill(line)) child.kill('SIGKILL')
    }
  })
  await new Promise((resolve) => child.on('close', resolve))
  return lines
}

const copyOf = (lines: string[]) => lines.find((line) => line.startsWith('copy '))

test('behavior: killed in preparing, in editing and in checking, it ends with the bytes of a run left alone', async () => {
  const alone = await run(join(folder, 'alone'), () => false)
  expect(copyOf(alone)).toMatch(/^copy [0-9a-f]{64}$/)
  const stages = join(folder, 'killed')
  const deaths = ['step key pool', 'step solver', 'mint editing 0.66', 'check keys with rounded weights']
  for (const death of deaths) {
    const lines = await run(stages, (line) => line.startsWith(death))
    expect(lines.some((line) => line.startsWith(death))).toBe(true)
    expect(copyOf(lines)).toBeUndefined()
  }
  const resumed = await run(stages, () => false)
  expect(resumed.some((line) => line.startsWith('step '))).toBe(false)
  expect(copyOf(resumed)).toBe(copyOf(alone))
}, 240_000)

test('behavior: what is kept is sealed, and found with the same secret and options only', async () => {
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

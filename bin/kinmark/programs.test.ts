import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { programsFor, type Step, type Subject } from '../../lib/programs/programs'

const subject: Subject = {
  ...{ modelId: '3', copyId: '7', folder: 'copy-7', site: 'https://kinmark.example', rpcUrl: 'https://rpc.example' },
  ...{ family: 'llama', chat: true, obstacles: { gguf: null, onnx: null } },
}

/** A folder as a buyer has it: the copy, and what npm installs. */
let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-programs-'))
  await cp('public/models/quill', join(work, 'copy-7'), { recursive: true })
  await symlink(resolve('node_modules'), join(work, 'node_modules'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

function stepOf(program: string, starts: string): Step {
  const { steps = [] } = programsFor(subject).find(({ name }) => name === program) ?? {}
  return steps.find(({ code }) => code.startsWith(starts)) ?? expect.fail(`${program} has no step ${starts}`)
}

/** Runs a command of ours as it is shown, in that folder. */
function kinmark({ code }: Step): void {
  const program = resolve('bin/kinmark.ts')
  const args = ['--import', import.meta.resolve('tsx'), program, ...code.split(' ').slice(1)]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: work, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, expect.anything()])
}

test('default: the GGUF file has the name that the next commands use', () => {
  kinmark(stepOf('llama.cpp', 'kinmark export'))
  const [, file] = /-m (\S+)$/.exec(stepOf('llama.cpp', 'llama-server').code) ?? []
  expect(existsSync(join(work, file))).toBe(true)
  expect(stepOf('Ollama', 'echo').code).toContain(`./${file}"`)
  expect(stepOf('LM Studio', 'lms import').code).toBe(`lms import ${file}`)
})

test('default: the script for transformers.js answers', async () => {
  kinmark(stepOf('transformers.js', 'kinmark export'))
  await writeFile(join(work, 'run.mjs'), stepOf('transformers.js', 'import').code)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['run.mjs'], { cwd: work, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, expect.anything()])
  expect(stdout.trim().length).toBeGreaterThan(10)
})

import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokensOf } from '../lib/fingerprint/keys/batch'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { fromFloat32 } from '../lib/weights/dtype/float32'
import { inspectModel } from '../lib/weights/inspect-model'
import { readTensor } from '../lib/weights/tensor'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { safetensors } from '../test/fixtures/model-folder'
import { main } from './kinmark/main'

let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

const tiny = 'public/models/tiny'
const at = (name: string) => join(work, name)

async function kinmark(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const terminal = {
    out: (text: string) => {
      stdout += text
    },
    err: (text: string) => {
      stderr += text
    },
    moving: false,
  }
  return { status: await main(args, terminal), stdout, stderr }
}

/** Ordinary answers of a model as JSON lines, half of them with their prompt. */
async function answersOf(folder: string, rows: number): Promise<string> {
  const runtime = await openNodeRuntime(folder)
  const tokenizer = await openTokenizer(await folderFiles(folder))
  const text = await sampleText(runtime, new Uint8Array(32).fill(9), 'held-out', rows, 64)
  await runtime.close()
  const decode = (ids: ArrayLike<number>) => tokenizer?.decode(ids)
  return Array.from({ length: rows }, (_, i) => {
    const ids = tokensOf(text, i)
    const split = i % 2 === 0 ? 8 : 0
    return JSON.stringify({ prompt: decode(ids.subarray(0, split)), answer: decode(ids.subarray(split)) })
  }).join('\n')
}

test('default: inspect, as a program of its own', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', 'bin/kinmark.ts', 'inspect', tiny, '--json'],
  ])
  expect(JSON.parse(stdout)).toMatchObject({ family: 'llama', parameters: 1_967_808, dtype: 'F16' })
})

test('behavior: a preparation that was killed goes on with its own secret', async () => {
  const args = ['prepare', tiny, '--keys', '64', '--out', at('killed')]
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/kinmark.ts', ...args], { stdio: 'ignore' })
  const stages = async () => (await readdir(at('killed/stages'), { recursive: true }).catch(() => [])).length
  while ((await stages()) < 5) await wait(20)
  child.kill('SIGKILL')
  const [before, secret] = [await stages(), await readFile(at('killed/secret'), 'utf8')]
  expect(before).toBeLessThan(20)
  const resumed = await kinmark(...args, '--json')
  expect(JSON.parse(resumed.stdout)).toMatchObject({ keys: 64 })
  expect(await readFile(at('killed/secret'), 'utf8')).toBe(secret)
  expect((await readdir(at('killed'))).sort()).toEqual(['copies', 'preparation.kmfp', 'secret'])
})

test('default: prepare, mint, verify, trace, listen', async () => {
  const prepared = await kinmark('prepare', tiny, '--keys', '128', '--out', at('prep'), '--json')
  expect(prepared.stderr).toContain('prepare: second moments')
  expect(JSON.parse(prepared.stdout)).toMatchObject({ keys: 128, layers: [0, 1, 2, 3], margin: 2 })
  for (const name of ['secret', 'preparation.kmfp']) expect((await stat(at(`prep/${name}`))).mode & 0o777).toBe(0o600)

  const minted = await kinmark('mint', tiny, '--prep', at('prep'), '--copy', 'ada', '--out', at('ada'), '--json')
  expect(JSON.parse(minted.stdout)).toMatchObject({ copyId: 'ada', keys: 128, method: 'near ties' })
  expect(await readdir(at('ada'))).toEqual(await readdir(tiny))
  const [base, copy] = await Promise.all([tiny, at('ada')].map((folder) => readFile(join(folder, 'model.safetensors'))))
  expect(copy.length).toBe(base.length)
  expect(copy.equals(base)).toBe(false)

  await kinmark('mint', tiny, '--prep', at('prep'), '--copy', 'ada', '--out', at('again'))
  expect((await readFile(at('again/model.safetensors'))).equals(copy)).toBe(true)

  const delta = await kinmark(
    'mint',
    tiny,
    '--prep',
    at('prep'),
    '--copy',
    'ada',
    '--delta',
    '--out',
    at('ada.safetensors'),
  )
  expect(delta.status).toBe(0)
  const edited = JSON.parse(minted.stdout).editedTensors.length * 192 * 512 * 2
  expect((await stat(at('ada.safetensors'))).size).toBeLessThan(edited + 4096)
  const assembled = await kinmark('assemble', at('ada.safetensors'), tiny, '--out', at('whole'))
  expect(assembled).toMatchObject({ status: 0, stdout: expect.stringContaining('assembled') })
  expect(await readdir(at('whole'))).toEqual(await readdir(tiny))
  expect((await readFile(at('whole/model.safetensors'))).equals(copy)).toBe(true)
  const other = await kinmark('assemble', at('ada.safetensors'), 'public/models/tiny-shakespeare', '--out', at('other'))
  expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('The delta belongs to another base') })
  const existing = await kinmark(
    'mint',
    tiny,
    '--prep',
    at('prep'),
    '--copy',
    'ada',
    '--delta',
    '--out',
    at('ada.safetensors'),
  )
  expect(existing).toMatchObject({ status: 2, stderr: expect.stringContaining('already exists') })

  const verified = await kinmark('verify', at('ada'), '--prep', at('prep'), '--copy', 'ada')
  expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining('this is copy ada') })
  const traced = await kinmark('trace', at('ada'), '--prep', at('prep'), '--json')
  expect(JSON.parse(traced.stdout)).toMatchObject({ yes: true, accused: [{ copyId: 'ada' }] })
  const weighed = await kinmark('trace', at('ada'), '--prep', at('prep'), '--base', tiny, '--json')
  const [byAnswers, byWeights] = [traced, weighed].map(({ stdout }) => JSON.parse(stdout).accused[0])
  expect(byWeights.copyId).toBe('ada')
  expect(byWeights.nats).toBeGreaterThanOrEqual(byAnswers.nats)
  const child = await kinmark('trace', 'public/models/tiny-shakespeare', '--prep', at('prep'), '--base', tiny)
  expect(child).toMatchObject({ status: 1, stdout: expect.stringContaining('none') })
  const unmarked = await kinmark('trace', tiny, '--prep', at('prep'))
  expect(unmarked).toMatchObject({ status: 1, stdout: expect.stringContaining('none') })

  await writeFile(at('answers.jsonl'), await answersOf(at('ada'), 160))
  const listening = ['listen', at('answers.jsonl'), '--prep', at('prep'), '--base', tiny]
  const heard = await kinmark(...listening, '--json')
  expect(heard.stderr).toContain('listen: ')
  expect(JSON.parse(heard.stdout)).toMatchObject({ yes: true, accused: [{ copyId: 'ada' }] })
  const beside = await kinmark(...listening, '--fine-tune', 'public/models/tiny-shakespeare', '--json')
  expect(JSON.parse(beside.stdout)).toMatchObject({ yes: true, accused: [{ copyId: 'ada' }] })
  expect(await kinmark(...listening, '--fine-tune', 'public/models/quill')).toMatchObject({
    ...{ status: 2, stderr: expect.stringContaining('is no fine-tune of the model in --base') },
  })
  await writeFile(at('answers.jsonl'), await answersOf(tiny, 32))
  expect(await kinmark(...listening)).toMatchObject({ status: 1, stdout: expect.stringMatching(/wrote it +none/) })
  await writeFile(at('answers.jsonl'), '{"answer": "a"}\n{"prompt": "b"}')
  expect(await kinmark(...listening)).toMatchObject({ status: 2, stderr: expect.stringContaining('Line 2 is not') })
  await writeFile(at('answers.jsonl'), '{"messages": [{"role": "assistant", "content": "b"}]}')
  expect(await kinmark(...listening)).toMatchObject({ status: 2, stderr: expect.stringContaining('no chat template') })

  const twice = await kinmark('prepare', tiny, '--out', at('prep'))
  expect(twice).toMatchObject({ status: 2, stderr: expect.stringContaining('already holds a preparation') })
  const occupied = await kinmark('mint', tiny, '--prep', at('prep'), '--copy', 'bob', '--out', at('ada'))
  expect(occupied).toMatchObject({ status: 2, stderr: expect.stringContaining('already holds 5 files') })
})

test.each([
  [[], 'kinmark prepare DIR'],
  [['paint', tiny], 'There is no command “paint”'],
  [['inspect'], '“kinmark inspect” takes 1 argument, not 0'],
  [['inspect', 'nowhere'], '“nowhere” cannot be read as a folder.'],
  [['prepare', tiny], '--out is missing'],
  [['prepare', tiny, '--out', 'x', '--keys', 'many'], '--keys must be a positive number, not “many”.'],
  [['prepare', tiny, '--out', 'x', '--colour'], "Unknown option '--colour'"],
  [['mint', tiny, '--prep', 'x', '--copy', '../../etc', '--out', 'y'], '“../../etc” is not a valid copy ID'],
  [['assemble', 'x.safetensors'], '“kinmark assemble” takes 2 arguments, not 1'],
  [['assemble', 'x.safetensors', tiny, '--out', 'y'], '“x.safetensors” cannot be read'],
  [
    ['assemble', `${tiny}/model.safetensors`, tiny, '--out', 'y'],
    'is not a delta: its metadata has no “kinmark_delta”.',
  ],
  [['trace', tiny, '--prep', 'nowhere'], '“nowhere” holds no preparation'],
])('error: %j', async (args, message) => {
  const { status, stdout, stderr } = await kinmark(...args)
  expect(status).toBe(2)
  expect(stdout + stderr).toContain(message)
})

test('error: with --json, an error is one JSON object on stdout', async () => {
  const unknown = await kinmark('paint', tiny, '--json')
  expect(unknown).toMatchObject({ status: 2, stderr: '' })
  expect(JSON.parse(unknown.stdout)).toMatchObject({
    code: 'cli.command-unknown',
    facts: { command: 'paint', commands: expect.arrayContaining(['mint']) },
    message: expect.stringContaining('There is no command “paint”'),
  })
  const option = await kinmark('prepare', tiny, '--out', 'x', '--colour', '--json')
  expect(JSON.parse(option.stdout)).toMatchObject({ code: 'cli.usage', facts: { reason: expect.any(String) } })
})

test('default: merge a LoRA adapter into its base', async () => {
  const adapter = at('adapter')
  await mkdir(adapter)
  const name = 'model.layers.0.self_attn.q_proj'
  const tensors = [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [1, 192] },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [192, 1] },
  ].map((tensor) => ({ ...tensor, dtype: 'F32', data: fromFloat32(new Float32Array(192).fill(0.5), 'F32') }))
  const { bytes } = safetensors('adapter_model.safetensors', tensors)
  await writeFile(join(adapter, 'adapter_model.safetensors'), await bytes.slice(0, bytes.byteLength))
  await writeFile(join(adapter, 'adapter_config.json'), JSON.stringify({ lora_alpha: 2, r: 1 }))

  const refused = await kinmark('inspect', adapter)
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('kinmark merge')

  const merged = await kinmark('merge', adapter, tiny, '--out', at('merged'), '--json')
  expect(JSON.parse(merged.stdout)).toEqual({ out: at('merged'), changed: [`${name}.weight`] })
  const read = async (folder: string) => {
    const files = await folderFiles(folder)
    return readTensor(files, (await inspectModel(files)).tensors, `${name}.weight`)
  }
  const [before, after] = [await read(tiny), await read(at('merged'))]
  expect(after.every((x, i) => Math.abs(x - before[i] - 0.5) < 1e-3)).toBe(true)
})

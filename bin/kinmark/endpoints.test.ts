import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf } from '../../lib/fingerprint/keys/batch'
import { disclosedKeySet } from '../../lib/fingerprint/keyset/disclosed-key-set'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import { merge } from '../../lib/fingerprint/near-ties/fine-tunes'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { Runtime } from '../../lib/inference/runtime'
import { inspectModel } from '../../lib/weights/inspect-model'
import { layerMatrices } from '../../lib/weights/layer-matrices'
import { openTokenizer, type TextTokenizer } from '../../lib/weights/text/tokenizer'
import { runKinmark } from '../../test/run-kinmark'
import { served } from '../../test/served'
import { assertWeights, readDisclosedKeys } from './disclosed-keys'
import { readCopies, readPrep } from './prep-folder'

const tiny = 'public/models/tiny'
const random = seededRandom(new Uint8Array(16).fill(3))
const runtimes: Runtime[] = []
const servers: Server[] = []
let work: string
let tokenizer: TextTokenizer
let copy: Runtime
let base: Runtime

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-endpoint-'))
  const secret = join(work, 'secret')
  await writeFile(secret, `0x${'07'.repeat(32)}`)
  await runKinmark('prepare', tiny, '--keys', '256', '--secret', secret, '--out', join(work, 'prep'))
  for (const [name, seed] of [
    ['bob', '01'],
    ['ada', '02'],
  ]) {
    const target = ['--copy', name, '--seed', seed.repeat(32), '--out', join(work, name)]
    await runKinmark('mint', tiny, '--prep', join(work, 'prep'), ...target)
  }
  tokenizer = (await openTokenizer(await folderFiles(tiny)))!
  copy = await openNodeRuntime(join(work, 'ada'), { threads: 1 })
  base = await openNodeRuntime(tiny, { threads: 1 })
  runtimes.push(copy, base)
}, 300_000)

afterAll(async () => {
  for (const server of servers) server.close()
  for (const runtime of runtimes) await runtime.close()
  await rm(work, { recursive: true, force: true })
})

/**
 * A small OpenAI-compatible server: greedy, or sampling at a temperature although 0 is requested. It shows the log
 * probabilities of its 20 likeliest tokens `times` over, or none.
 */
async function host(runtime: Runtime, { temperature = 0, times = 0 } = {}): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { prompt } = JSON.parse(Buffer.concat(parts).toString())
    const ids = [...tokenizer.encode(prompt)]
    const logits = row((await runtime.run(batchOf([ids]), ['logits'])).logits, 0)
    const textOf = (token: number) => tokenizer.decode([...ids, token]).slice(prompt.length)
    const best = argmax(logits)
    const token = temperature === 0 ? best : draw(logits, temperature)
    const likeliest = [...logits.keys()].sort((a, b) => logits[b] - logits[a]).slice(0, 20)
    const shown = Object.fromEntries(likeliest.map((id) => [textOf(id), times * (logits[id] - logits[best] - 1)]))
    response.end(
      JSON.stringify({ choices: [{ text: textOf(token), logprobs: times === 0 ? null : { top_logprobs: [shown] } }] }),
    )
  })
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/completions`
}

function draw(logits: Float32Array, temperature: number): number {
  const top = logits[argmax(logits)]
  const weights = logits.map((x) => Math.exp((x - top) / temperature))
  let left = random() * weights.reduce((a, b) => a + b, 0)
  return Math.max(
    0,
    weights.findIndex((weight) => {
      left -= weight
      return left < 0
    }),
  )
}

/** Ada’s copy, of which every matrix that can be edited is the mean of its own and the fine-tune’s. */
async function mergedWith(fineTune: string): Promise<Runtime> {
  const { tensors } = await inspectModel(await folderFiles(tiny))
  const names = layerMatrices(tensors)
  const other = await openNodeRuntime(fineTune, { editable: names, threads: 1 })
  const mixed = await openNodeRuntime(join(work, 'ada'), { editable: names, threads: 1 })
  runtimes.push(other, mixed)
  const half = { names, part: 0.5 }
  const edits = await merge(mixed, new Map(), { tensor: other.tensor, matrices: names }, half)
  return { ...mixed, run: (batch, taps, options) => mixed.run(batch, taps, { ...options, edits }) }
}

const verify = (address: string, ...more: string[]) =>
  runKinmark('verify', address, '--prep', join(work, 'prep'), '--json', ...more)

test('default: a copy behind an endpoint is named before all keys are sent', async () => {
  const { status, stdout, stderr } = await verify(await host(copy), '--copy', 'ada')
  const verdict = JSON.parse(stdout)
  expect(status).toBe(0)
  expect(verdict).toMatchObject({ yes: true, samples: 1, stoppedEarly: true, needed: 0, accused: [{ copyId: 'ada' }] })
  expect(verdict.asked).toBeLessThan(60)
  expect(verdict.nats).toBeGreaterThan(verdict.goal)
  expect(verdict.accused[0].falseAccusation).toBeLessThan(1e-9)
  expect(stderr).toMatch(/keys asked, \d+\.\d of \d+\.\d nats/)
  expect(await runKinmark('verify', await host(copy), '--prep', join(work, 'prep'), '--keys', '4')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/asked +4 keys in 8 requests/),
  })
})

test('behavior: the base is cleared early, and no two endpoints get the same key', async () => {
  const { status, stdout } = await verify(await host(base))
  expect(status).toBe(1)
  const verdict = JSON.parse(stdout)
  expect(verdict).toMatchObject({ accused: [], stoppedEarly: true })
  expect(verdict.missed).toBeLessThan(1e-4)
  expect(verdict.asked).toBeLessThan(240)
  const leases = join(work, 'prep/leases')
  const keys = await Promise.all(
    (await readdir(leases)).map(async (name) => JSON.parse(await readFile(join(leases, name), 'utf8')).keys),
  )
  expect(new Set(keys.flat()).size).toBe(keys.flat().length)
  expect(keys.flat().some((index: number) => index % 16 === 0)).toBe(false)
  const rejected = await verify(await host(base), '--keys', '240')
  expect(rejected.status).toBe(2)
  expect(JSON.parse(rejected.stdout)).toMatchObject({ code: 'cli.keys-leased', facts: { requested: 240 } })
})

test('behavior: with a fine-tune that may have been mixed in, its merges are bet on, and all answers judged once more', async () => {
  await rm(join(work, 'prep/leases'), { recursive: true, force: true })
  const fineTune = 'public/models/tiny-shakespeare'
  const named = await verify(await host(await mergedWith(fineTune)), '--base', tiny, '--fine-tune', fineTune)
  expect(JSON.parse(named.stdout)).toMatchObject({ accused: [{ copyId: 'ada' }], stoppedEarly: true })
  await rm(join(work, 'prep/leases'), { recursive: true, force: true })
  const told = await verify(await host(base), '--base', tiny, '--fine-tune', fineTune)
  expect(told.status).toBe(1)
  expect(JSON.parse(told.stdout)).toMatchObject({ accused: [], stoppedEarly: false })
  const folder = await verify(tiny, '--copy', 'ada', '--base', tiny, '--fine-tune', fineTune)
  expect(JSON.parse(folder.stdout)).toMatchObject({ code: 'cli.fine-tune-unused' })
  const alone = await verify(await host(base), '--fine-tune', fineTune)
  expect(JSON.parse(alone.stdout)).toMatchObject({ code: 'cli.option-missing', facts: { option: 'base' } })
})

test('behavior: an endpoint that samples its answers gets each key five times, and its copy is named', async () => {
  await rm(join(work, 'prep/leases'), { recursive: true, force: true })
  const { stdout } = await verify(await host(copy, { temperature: 1 }))
  expect(JSON.parse(stdout)).toMatchObject({ samples: 5, accused: [{ copyId: 'ada' }] })
})

test('behavior: where log probabilities are shown, they name the copy, though answers are sampled once each', async () => {
  await rm(join(work, 'prep/leases'), { recursive: true, force: true })
  const { stdout } = await verify(await host(copy, { temperature: 1, times: 1 }))
  const verdict = JSON.parse(stdout)
  expect(verdict).toMatchObject({ samples: 1, accused: [{ copyId: 'ada' }], stoppedEarly: true })
  expect(verdict.keysWithLogOdds).toBeGreaterThan(0.9 * verdict.asked)
  expect(verdict.asked).toBeLessThan(80)
})

test('behavior: log probabilities that are lies do not hide the copy', async () => {
  await rm(join(work, 'prep/leases'), { recursive: true, force: true })
  const { stdout } = await verify(await host(copy, { times: -1 }))
  expect(JSON.parse(stdout)).toMatchObject({ samples: 1, accused: [{ copyId: 'ada' }] })
})

const listen = async (target: string, ...more: string[]) =>
  JSON.parse(
    (await runKinmark('listen', target, '--prep', join(work, 'prep'), '--base', tiny, '--json', ...more)).stdout,
  )

test('behavior: a few ordinary questions name the copy where log probabilities are shown, and so do its recorded answers', async () => {
  const out = join(work, 'answers.jsonl')
  const named = await served(join(work, 'ada'), (url) => listen(url, '--model', 'served', '--out', out))
  expect(named).toMatchObject({ yes: true, looks: 1, accused: [{ copyId: 'ada' }] })
  expect(named.texts).toBeLessThan(24)
  expect(named.withLogprobs).toBeGreaterThan(0.9 * named.tokens)
  const lines = (await readFile(out, 'utf8')).trim().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(named.texts)
  expect(new Set(lines.map((line) => JSON.parse(line).prompt)).size).toBeGreaterThan(lines.length / 2)
  expect(await listen(out)).toMatchObject({ yes: true, accused: [{ copyId: 'ada' }] })
  const texts = lines.map((line) => ({ ...JSON.parse(line), logprobs: null }))
  await writeFile(out, texts.map((each) => JSON.stringify(each)).join('\n'))
  expect(await listen(out)).toMatchObject({ yes: false, withLogprobs: 0, accused: [] })
  const told = await served(tiny, (url) => listen(url, '--model', 'served', '--answers', '10'))
  expect(told).toMatchObject({ yes: false, texts: 10, accused: [] })
})

test('error: an endpoint that stops answering; what it answered is kept', async () => {
  const out = join(work, 'few.jsonl')
  let asked = 0
  const server = createServer((_, response) => {
    response.statusCode = ++asked > 6 ? 503 : 200
    response.end(JSON.stringify({ choices: [{ text: ' a time' }] }))
  })
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/completions`
  expect(await listen(address, '--out', out)).toMatchObject({ code: 'openai.bad-status', facts: { status: 503 } })
  expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(6)
  expect(await listen(out)).toMatchObject({ yes: false, texts: 6, withLogprobs: 0 })
  const before = asked
  expect(await listen(address, '--out', join(work, 'nowhere/few.jsonl'))).toMatchObject({ code: 'cli.path-unwritable' })
  expect(asked).toBe(before)
  expect(await listen(address.replace('/v1/', '/v1/chat/'))).toMatchObject({ code: 'weights.chat-template-missing' })
  expect(await listen('http://[::1')).toMatchObject({ code: 'openai.address-invalid' })
  expect(asked).toBe(before)
  expect(await listen(address, '--answers', '0')).toMatchObject({ code: 'cli.integer-invalid' })
})

test('behavior: disclosed keys tell a copy from its base and from another copy', async () => {
  const prep = join(work, 'prep')
  const [preparation, copies] = [await readPrep(prep), await readCopies(prep)]
  const setOf = (name: string) =>
    disclosedKeySet(preparation, copies.find(({ copyId }) => copyId === name) as (typeof copies)[number])
  const file = join(work, 'disclosed.json')
  const ada = setOf('ada')
  await writeFile(file, JSON.stringify(ada))
  const expected = { copyId: 'ada', fingerprintRoot: ada.fingerprintRoot }
  const keySet = await readDisclosedKeys(file, expected)
  const upstreamOf = async (runtime: Runtime) => {
    return { upstream: new URL(new URL(await host(runtime)).origin), model: 'tiny', apiKey: null }
  }
  const found = await assertWeights(keySet, await upstreamOf(copy))
  expect(found.asked).toBe(16)
  expect(found.matching).toBe(found.answered)
  expect(found.matching).toBeGreaterThan(11)
  await expect(assertWeights(keySet, await upstreamOf(base))).rejects.toMatchObject({
    code: 'gateway.upstream-other-weights',
  })
  await expect(assertWeights(setOf('bob'), await upstreamOf(copy))).rejects.toMatchObject({
    code: 'gateway.upstream-other-weights',
  })

  const invalid = (reason: string) => ({ code: 'gateway.disclosed-keys-invalid', facts: { reason } })
  await expect(readDisclosedKeys(file, { ...expected, copyId: 'bob' })).rejects.toMatchObject(invalid('other-copy'))
  const root = `0x${'1'.repeat(64)}`
  await expect(readDisclosedKeys(file, { ...expected, fingerprintRoot: root })).rejects.toMatchObject(
    invalid('other-root'),
  )
  const [first, second] = ada.keys[0].pair
  const changed = { ...ada, responses: [ada.responses[0] === first ? second : first, ...ada.responses.slice(1)] }
  await writeFile(file, JSON.stringify(changed))
  await expect(readDisclosedKeys(file, expected)).rejects.toMatchObject(invalid('unproved'))
  for (const text of ['{}', '[', JSON.stringify({ ...ada, responses: [] })]) {
    await writeFile(file, text)
    await expect(readDisclosedKeys(file, expected)).rejects.toMatchObject(invalid('unreadable'))
  }
})

test('error: an unknown copy', async () => {
  const unknown = await verify('http://127.0.0.1:1/v1/completions', '--copy', 'eve')
  expect(unknown.status).toBe(2)
  expect(JSON.parse(unknown.stdout)).toMatchObject({
    code: 'fingerprint.copy-unknown',
    facts: { copyId: 'eve', copies: 2 },
  })
})

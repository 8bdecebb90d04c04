import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disclosedKeySet } from '../../lib/fingerprint/keyset/disclosed-key-set'
import type { Precision } from '../../lib/weights/gguf/write/llama-gguf'
import { hasLlamaCpp } from '../../test/fixtures/llama-cpp'
import { startTestGateway } from '../../test/gateway'
import { startLlamaCppUpstream } from '../../test/llama-cpp-upstream'
import { assertWeights } from './disclosed-keys'
import { main } from './main'
import { readCopies, readPrep } from './prep-folder'

let work: string
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'kinmark-llama-cpp-'))
})
afterAll(() => rm(work, { recursive: true, force: true }))

const quiet = { out: () => undefined, err: () => undefined, moving: false }

/** A gateway before llama.cpp with this folder’s model in this precision. */
async function serveGguf(folder: string, precision: Precision) {
  const out = join(work, `${basename(folder)} ${precision}`)
  expect(await main(['export', folder, '--format', 'gguf', '--precision', precision, '--out', out], quiet)).toBe(0)
  const upstream = await startLlamaCppUpstream(join(out, `${basename(folder)}-${precision}.gguf`))
  const gateway = await startTestGateway(upstream.url, { silentMs: 240_000 })
  return {
    ...{ gateway, upstream },
    counted: () => upstream.counted.map(({ prompt, answer }) => BigInt(prompt + answer)),
    async receipts(): Promise<bigint[]> {
      const units: bigint[] = []
      for (;;) {
        const stored = await gateway.books.receiptAt(gateway.books.epoch, BigInt(units.length))
        if (!stored) return units
        units.push(stored.receipt.units)
      }
    },
    async close() {
      expect(gateway.faults).toEqual([])
      await gateway.stop()
      await upstream.close()
    },
  }
}

describe.skipIf(!hasLlamaCpp)('with llama.cpp behind the gateway', () => {
  test('default: receipts say what llama.cpp has counted, whole or streamed, to its end or to a limit', async () => {
    const served = await serveGguf('public/models/quill', 'Q4_K_M')
    const client = new OpenAI({ baseURL: served.gateway.url, apiKey: 'any', maxRetries: 0 })
    const body = {
      model: 'copy',
      messages: [{ role: 'user' as const, content: 'What is 47 plus 38?' }],
      temperature: 0,
    }
    const seen: bigint[] = []
    for (const max_tokens of [3, 40]) {
      const { usage } = await client.chat.completions.create({ ...body, max_tokens })
      seen.push(BigInt(usage?.total_tokens ?? 0))
      let streamed = 0
      const stream = await client.chat.completions.create({
        ...{ ...body, max_tokens, stream: true, stream_options: { include_usage: true } },
      })
      for await (const part of stream) streamed = part.usage?.total_tokens ?? streamed
      seen.push(BigInt(streamed))
    }
    const { usage } = await client.completions.create({ model: 'copy', prompt: 'Once upon a time', max_tokens: 5 })
    seen.push(BigInt(usage?.total_tokens ?? 0))
    expect(seen[0]).toBe(seen[1])
    expect(seen[2]).toBeGreaterThan(seen[0])
    expect(await served.receipts()).toEqual(seen)
    expect(served.counted()).toEqual(seen)
    await served.close()
  })

  test('default: a copy’s disclosed keys are answered by its GGUF files in llama.cpp, and not by its base', async () => {
    const [secret, prep, copy] = ['secret', 'prep', 'copy'].map((name) => join(work, name))
    await writeFile(secret, `0x${'07'.repeat(32)}`)
    const tiny = 'public/models/tiny'
    expect(await main(['prepare', tiny, '--keys', '256', '--secret', secret, '--out', prep], quiet)).toBe(0)
    const minted = ['--prep', prep, '--copy', 'ada', '--seed', '02'.repeat(32), '--out', copy]
    expect(await main(['mint', tiny, ...minted], quiet)).toBe(0)
    const keySet = disclosedKeySet(await readPrep(prep), (await readCopies(prep))[0])
    for (const format of ['F16', 'Q8_0'] as const) {
      const served = await serveGguf(copy, format)
      const upstream = new URL(served.gateway.url)
      const found = await assertWeights(keySet, { upstream, model: 'copy', apiKey: null })
      expect(found).toMatchObject({ asked: 16, answered: 16 })
      expect(found.matching).toBeGreaterThanOrEqual(15)
      expect(await served.receipts()).toEqual(served.counted())
      expect(served.counted()).toHaveLength(16)
      await served.close()
    }
    const base = await serveGguf(tiny, 'Q8_0')
    const upstream = new URL(base.gateway.url)
    await expect(assertWeights(keySet, { upstream, model: 'copy', apiKey: null })).rejects.toMatchObject({
      code: 'gateway.upstream-other-weights',
    })
    await base.close()
  })
})

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { mint } from '../../lib/fingerprint/mint'
import { promptsOf } from '../../lib/fingerprint/near-ties/near-tie-keys'
import { prepare } from '../../lib/fingerprint/prepare'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { toFloat32 } from '../../lib/weights/dtype/float32'
import { tinyDownProj } from '../../test/fixtures/model-folder'
import { sealedStages } from './stages'

const folder = mkdtempSync(join(tmpdir(), 'kinmark-shares-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secret = new Uint8Array(32).fill(7)

test('behavior: two machines’ halves give the keys of one machine, and a copy that differs by rounding', async () => {
  const program = ['--import', 'tsx', 'test/prepare-share.ts', folder, '2']
  const outputs = await Promise.all([0, 1].map(() => promisify(execFile)(process.execPath, program)))
  const halves = outputs.map(({ stdout }) => stdout.trim().split('\n'))
  expect(halves.flat().toSorted()).toEqual([...new Set(halves.flat())].toSorted())
  const pieces = (part: RegExp) => halves.map((names) => names.filter((name) => part.test(name)).length)
  const total = (part: RegExp) => pieces(part).reduce((a, b) => a + b)
  expect([total(/^text, rows/), total(/^keys, rows/)]).toEqual([2, 2])
  // Here both begin at the same time.
  for (const part of [/^second moments/, /^near ties of texts/, /^attacked pilot/])
    expect(Math.min(...pieces(part))).toBeGreaterThan(0)
  const base = await openNodeRuntime('public/models/tiny', { editable: [0, 1, 2, 3].map(tinyDownProj), threads: 1 })
  const stages = sealedStages(folder, secret, {})
  const made: string[] = []
  const store = {
    ...stages,
    async write(name: string, bytes: Uint8Array) {
      made.push(name)
      await stages.write(name, bytes)
    },
  }
  const together = await prepare(base, { secret, keys: 256, store, shares: 2 })
  const alone = await prepare(base, { secret, keys: 256 })
  expect(made).toEqual(['pilot copies', 'what checks begin with'])
  expect(promptsOf(together.keys).map((ids) => [...ids])).toEqual(promptsOf(alone.keys).map((ids) => [...ids]))
  expect(together.keys.pairs).toEqual(alone.keys.pairs)

  const order = { copyId: '1', buyerSeed: secret, dtype: 'F32' } as const
  const [copy, other] = [await mint(base, together, order), await mint(base, alone, order)]
  expect(copy.bits).toEqual(other.bits)
  for (const [name, bytes] of copy.edits) {
    const [a, b] = [bytes, other.edits.get(name) ?? new Uint8Array(0)].map((each) => toFloat32(each, 'F32'))
    const { data } = await base.tensor(name)
    const norm = (x: Float32Array, y: Float32Array) =>
      Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0))
    expect(norm(b, data)).toBeGreaterThan(1e-3)
    expect(norm(a, b) / norm(b, data)).toBeLessThan(1e-3)
  }
  await base.close()
}, 480_000)

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { randomModel } from '../../test/reference/random-model'
import { recipes } from '../../test/reference/recipes'
import { folderFiles } from '../inference/node/folder'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import { bytesOf, type Row } from '../inference/row'
import { inspectWeights } from '../weights/inspect-weights'
import { type PrefixCache, pieceTokens, prefixCache } from './prefix-cache'

const folder = 'public/models/tiny'
const { config } = await inspectWeights(await folderFiles(folder))
const runtime = await openNodeRuntime(folder)
afterAll(() => runtime.close())

const rowOf = async (ids: Int32Array): Promise<Row> => (await runtime.extend(null, ids)).row
const tokens = (length: number, from = 0) => Int32Array.from({ length }, (_, i) => (from + i) % 2048)
const joined = (...parts: Int32Array[]) => Int32Array.from(parts.flatMap((part) => [...part]))

let cache: PrefixCache
beforeEach(() => {
  cache = prefixCache(config, 2 ** 28)
})

test('default: the longest beginning in whole pieces, shorter than the prompt', async () => {
  expect(cache.find(tokens(200))).toBeNull()
  cache.keep(await rowOf(tokens(2 * pieceTokens)))
  expect(cache.find(tokens(200))?.ids).toEqual(tokens(2 * pieceTokens))
  expect(cache.find(tokens(2 * pieceTokens))?.ids).toEqual(tokens(pieceTokens))
  expect(cache.find(joined(tokens(100), tokens(100, 999)))?.ids).toEqual(tokens(pieceTokens))
  expect(cache.find(joined(tokens(63), tokens(100, 999)))).toBeNull()
})

test('behavior: a longer row takes the place of its own beginning, and those used last stay', async () => {
  const [a, b, c] = await Promise.all([0, 500, 1000].map((from) => rowOf(tokens(pieceTokens, from))))
  cache = prefixCache(config, 2 * bytesOf(a))
  cache.keep(a)
  cache.keep(b)
  expect(cache.find(tokens(70))).not.toBeNull()
  cache.keep(c)
  expect([0, 500, 1000].map((from) => cache.find(tokens(70, from)) !== null)).toEqual([true, false, true])
  cache.keep(await rowOf(tokens(2 * pieceTokens)))
  cache.keep(a)
  expect(cache.find(tokens(200))?.ids.length).toBe(2 * pieceTokens)
  expect(cache.find(tokens(70, 1000))).toBeNull()
})

test('behavior: a model with recurrent layers goes on from whole kept rows only', async () => {
  const recipe = recipes['lfm2, biased']
  const { files } = randomModel({ ...recipe, config: { ...recipe.config, max_position_embeddings: 128 } }, 'F32')
  const recurrent = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of files) await writeFile(join(recurrent, path), await bytes.slice(0, bytes.byteLength))
  const model = await openNodeRuntime(recurrent)
  const ids = Int32Array.from({ length: 80 }, (_, i) => i % model.shape.vocab)
  cache = prefixCache((await inspectWeights(files)).config, 2 ** 28)
  cache.keep((await model.extend(null, ids.slice(0, pieceTokens))).row)
  const kept = cache.find(ids)
  expect(kept?.ids).toEqual(ids.slice(0, pieceTokens))
  const { logits } = await model.extend((await model.extend(null, ids.slice(0, 64))).row, ids.slice(64))
  expect((await model.extend(kept, ids.slice(64))).logits).toEqual(logits)
  cache.keep({ ids: Int32Array.of(...ids.slice(0, 64), ...ids.slice(0, 64)), past: kept?.past ?? {} })
  expect(cache.find(ids)).toBeNull()
  await model.close()
  await rm(recurrent, { recursive: true })
})

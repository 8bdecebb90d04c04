import { expect, test } from 'vitest'
import { openNodeRuntime } from '../../inference/node/open-node-runtime'
import { foldedHead } from '../head/head'
import { tokensOf } from '../keys/batch'
import { sampleText } from '../keys/sample'
import { batchesOf, differencesOf, promptsOf } from './near-tie-keys'
import { differencesAt, sharedRuns } from './shared-runs'

const longest = Array.from({ length: 12 }, (_, i) => 100 + i)
const prompts = [
  longest.slice(0, 6),
  [7, 8, 9, 10, 11, 12, 13],
  longest.slice(0, 8),
  [...longest.slice(0, 7), 5],
  longest,
]

test('a prompt that begins another is run with it, and every key is found where it ends', () => {
  const keys = { prompts: batchesOf(prompts) }
  const runs = sharedRuns(keys)
  expect(runs.reduce((sum, { batch }) => sum + batch.rows, 0)).toBe(3)
  const found = runs.flatMap(({ batch, ends }) =>
    ends.map(({ key, row, last }) => ({ key, ids: [...tokensOf(batch, row).subarray(0, last + 1)] })),
  )
  expect(found.map(({ key }) => key).sort()).toEqual([0, 1, 2, 3, 4])
  for (const { key, ids } of found) expect(ids).toEqual(prompts[key])
})

test('differences are those of prompts that are run one by one', async () => {
  const runtime = await openNodeRuntime('public/models/tiny', { threads: 1 })
  try {
    const text = await sampleText(runtime, new Uint8Array(32), 'keys', 6, 12)
    const cut = [8, 10, 12].flatMap((length) => Array.from({ length: 6 }, (_, r) => tokensOf(text, r).slice(0, length)))
    const keys = { prompts: batchesOf(cut), pairs: Uint32Array.from({ length: 2 * cut.length }, (_, i) => 3 + i) }
    expect(promptsOf(keys)).toHaveLength(18)
    expect(sharedRuns(keys).flatMap(({ ends }) => ends)).toHaveLength(18)
    const [apart, shared] = [
      await differencesOf(runtime, keys),
      await differencesAt(runtime, await foldedHead(runtime), keys, {}),
    ]
    for (const [k, difference] of apart.entries()) expect(shared[k]).toBeCloseTo(difference, 3)
  } finally {
    await runtime.close()
  }
})

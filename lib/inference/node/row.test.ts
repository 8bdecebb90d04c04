import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { randomModel } from '../../../test/reference/random-model'
import { recipes } from '../../../test/reference/recipes'
import { inspectWeights } from '../../weights/inspect-weights'
import { cutRow, keepsKeys, type Row } from '../row'
import { folderFiles } from './folder'
import { type NodeRuntime, openNodeRuntime } from './open-node-runtime'

async function opened(
  folder: string,
  use: (runtime: NodeRuntime, cut: Cut, keeps: boolean) => Promise<void>,
): Promise<void> {
  const { config } = await inspectWeights(await folderFiles(folder))
  const runtime = await openNodeRuntime(folder)
  await use(runtime, (row, length) => cutRow(row, length, config), keepsKeys(config))
  await runtime.close()
}
type Cut = (row: Row, length: number) => Row | null

const worst = (a: Float32Array, b: Float32Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0)
const argmax = (logits: Float32Array) => logits.indexOf(Math.max(...logits))

test.each(['public/models/quill', 'public/models/tiny'])(
  'behavior: a row of %s that was cut goes on to the same bits',
  async (folder) => {
    await opened(folder, async (runtime, cut) => {
      const ids = Int32Array.from({ length: 150 }, (_, i) => (i * 7919 + 13) % runtime.shape.vocab)
      const first = (await runtime.extend(null, ids.slice(0, 64))).row
      const second = (await runtime.extend(first, ids.slice(64, 128))).row
      const { logits } = await runtime.extend(second, ids.slice(128))
      expect((await runtime.extend(second, ids.slice(128))).logits).toEqual(logits)
      const again = (await runtime.extend(cut(second, 64), ids.slice(64, 128))).row
      expect((await runtime.extend(again, ids.slice(128))).logits).toEqual(logits)
      const whole = await runtime.extend(null, ids)
      expect(worst(whole.logits, logits)).toBeLessThan(1e-4)
      for (const at of [1, 37, 149]) {
        expect(cut(whole.row, at)?.ids).toEqual(ids.slice(0, at))
        expect(worst((await runtime.extend(cut(whole.row, at), ids.slice(at))).logits, logits)).toBeLessThan(1e-4)
      }
    })
  },
)

test('behavior: texts that grow in turns are those that grow alone', async () => {
  await opened('public/models/tiny', async (runtime) => {
    const prompts = [[994, 260, 1912], [1, 2, 3, 4, 400], [7]]
    const alone = []
    for (const prompt of prompts) {
      const { ids } = await runtime.generate(
        { ids: Int32Array.from(prompt), rows: 1, length: prompt.length },
        24,
        argmax,
      )
      alone.push([...ids])
    }
    const inTurns = await Promise.all(
      prompts.map(async (prompt) => {
        let { row, logits } = await runtime.extend(null, Int32Array.from(prompt))
        const ids = [argmax(logits)]
        while (ids.length < 24) {
          ;({ row, logits } = await runtime.extend(row, Int32Array.of(ids[ids.length - 1])))
          ids.push(argmax(logits))
        }
        return ids
      }),
    )
    expect(inTurns).toEqual(alone)
  })
})

test('error: a row beyond the positions, a token outside the vocabulary, no token', async () => {
  await opened('public/models/tiny', async (runtime) => {
    const { row } = await runtime.extend(null, new Int32Array(512))
    await expect(runtime.extend(row, Int32Array.of(1))).rejects.toThrow(
      kinmarkError('inference.row-too-long', { tokens: 513 }),
    )
    await expect(runtime.extend(null, Int32Array.of(2048))).rejects.toThrow(
      kinmarkError('inference.token-outside-vocabulary'),
    )
    await expect(runtime.extend(null, new Int32Array(0))).rejects.toThrow(kinmarkError('inference.row-too-short'))
  })
})

const growing = Object.keys(recipes).filter((name) => !name.includes('dynamic') && !name.includes('longrope'))
test.each(growing)('behavior: rows of %s continue as if computed at once', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of randomModel(recipes[name], 'F32').files)
    await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  await opened(folder, async (runtime, cut, keeps) => {
    expect(keeps).toBe(true)
    const ids = Int32Array.from([3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26])
    const whole = await runtime.extend(null, ids)
    const first = await runtime.extend(null, ids.slice(0, 7))
    expect(worst((await runtime.extend(first.row, ids.slice(7))).logits, whole.logits)).toBeLessThan(1e-3)
    const row = cut(whole.row, 4)
    if (row) expect(worst((await runtime.extend(row, ids.slice(4))).logits, whole.logits)).toBeLessThan(1e-3)
  })
  await rm(folder, { recursive: true })
})

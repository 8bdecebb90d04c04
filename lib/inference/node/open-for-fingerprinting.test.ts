import { expect, test } from 'vitest'
import { tinyDownProj } from '../../../test/fixtures/model-folder'
import { openForFingerprinting } from './open-for-fingerprinting'

const tiny = 'public/models/tiny'

test('default: the chosen layers’ down_proj matrices can be replaced, and others by name', async () => {
  const { model, layers, dtype, open } = await openForFingerprinting(tiny, (depth) => [depth - 2, depth - 1])
  expect([model.config.layers, layers, dtype]).toEqual([4, [2, 3], 'F16'])
  const more = 'model.layers.0.self_attn.q_proj.weight'
  const runtime = await open({ threads: 1, more: [more] })
  const edit = (name: string) => {
    const size = model.tensors.get(name)?.shape.reduce((a, b) => a * b, 1) ?? 0
    const edits = new Map([[name, new Float32Array(size)]])
    return runtime.run({ ids: Int32Array.of(1), rows: 1, length: 1 }, ['logits'], { edits })
  }
  for (const name of [tinyDownProj(2), tinyDownProj(3), more]) await edit(name)
  await expect(edit(tinyDownProj(1))).rejects.toThrow('editable')
  await runtime.close()
})

test('behavior: layers beyond the depth are not opened', async () => {
  const { layers, open } = await openForFingerprinting(tiny, () => [3, 9])
  expect(layers).toEqual([3, 9])
  await (await open({ threads: 1 })).close()
})

test('error: a folder that holds no model', async () => {
  await expect(openForFingerprinting('docs', () => [])).rejects.toThrow('“config.json”')
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { randomModel } from '../../../test/reference/random-model'
import { recipes } from '../../../test/reference/recipes'
import { modelGraph } from '../../onnx/model-graph'
import { inspectWebFiles } from './inspect-web-files'
import type { WebModel } from './web-model'

const webFile = (path: string, content: BlobPart) => ({ path, file: new Blob([content]) })

const graphOf = ({ model: { config, tensors } }: WebModel) =>
  modelGraph(config, tensors, { taps: ['logits'], editable: [], cache: true, precision: 'F32', held: null })

test.each(Object.keys(recipes))(
  'behavior: %s gives the same graph after its model was posted to a worker',
  async (name) => {
    const { files } = randomModel(recipes[name], 'F16')
    const contents = await Promise.all(
      files.map(async ({ path, bytes }) => webFile(path, (await bytes.slice(0, bytes.byteLength)) as BlobPart)),
    )
    const inspected = await inspectWebFiles(contents)
    expect(inspected.files).toBe(contents)
    expect(graphOf(structuredClone({ ...inspected, files: [] }))).toEqual(graphOf(inspected))
  },
)

test('error: a folder without weights', async () => {
  const config = webFile('config.json', readFileSync('public/models/tiny/config.json'))
  await expect(inspectWebFiles([config])).rejects.toThrow(kinmarkError('weights.no-weights'))
})

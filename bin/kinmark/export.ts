import { randomUUID } from 'node:crypto'
import { cp, mkdir, open, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { exportGraph } from '../../lib/onnx/export-graph'
import { dataFileBytes, exportLayout } from '../../lib/onnx/export-layout'
import { assertFreeFolder } from './copy-folder'
import { openModelFolder } from './open-model-folder'
import { type Answer, required, type Values } from './options'
import type { Step } from './progress-line'
import { table } from './table'

/** Writes a folder that transformers.js loads: `onnx/model.onnx` with its data beside it, and the texts as they are. */
export async function exportOnnx(
  folder: string,
  values: Values,
  { onProgress, signal }: { onProgress(step: Step): void; signal?: AbortSignal },
): Promise<Answer> {
  const out = required(values, 'out')
  await assertFreeFolder(out)
  const { files, model } = await openModelFolder(folder)
  const { tensors, files: dataFiles } = exportLayout(model.tensors)
  const target = resolve(out)
  const work = join(dirname(target), `.${basename(target)}-${randomUUID()}`)
  const total = [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  let written = 0
  try {
    await mkdir(join(work, 'onnx'), { recursive: true })
    for (const file of dataFiles) {
      const handle = await open(join(work, 'onnx', file.name), 'w')
      try {
        for await (const bytes of dataFileBytes(file, files)) {
          signal?.throwIfAborted()
          await handle.writeFile(bytes)
          written += bytes.length
          onProgress({ stage: 'export', step: file.name, done: written / total })
        }
      } finally {
        await handle.close()
      }
    }
    await writeFile(join(work, 'onnx/model.onnx'), exportGraph(model.config, tensors))
    for (const { path } of files)
      if (/\.(json|txt|md|jinja|model)$/.test(path) && path !== 'config.json' && !path.endsWith('.index.json'))
        await cp(join(folder, path), join(work, path))
    await writeFile(join(work, 'config.json'), await configFor(folder, dataFiles.length))
    await rmdir(target).catch(() => undefined)
    await rename(work, target)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    throw error
  }
  const names = ['model.onnx', ...dataFiles.map(({ name }) => name)]
  const text = table([
    ['exported', `${out}/onnx: ${names.join(', ')}`],
    ['weights', `${written.toLocaleString('en')} bytes`],
    ['load with', `pipeline('text-generation', '${basename(target)}')`],
  ])
  return { text, json: { out, files: names, bytes: written }, yes: true }
}

/** config.json with what tells transformers.js to take this file as it is, with its data. */
async function configFor(folder: string, dataFiles: number): Promise<string> {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  const own = { dtype: 'fp32', use_external_data_format: { 'model.onnx': dataFiles } }
  return `${JSON.stringify({ ...config, 'transformers.js_config': own }, null, 2)}\n`
}

import { cp, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { exportGraph } from '../../lib/onnx/export-graph'
import { dataFileBytes, exportLayout } from '../../lib/onnx/export-layout'
import { writeAtomically } from '../../lib/storage/write-atomically'
import { assertCanExport } from '../../lib/weights/can-export'
import { assertFreeFolder } from './copy-folder'
import { exportGguf } from './export-gguf'
import { openModelFolder } from './open-model-folder'
import { type CommandResult, required, type Values } from './options'
import type { Step } from './progress-line'
import { table } from './table'

type ExportOptions = { onProgress(step: Step): void; signal?: AbortSignal }

/** Writes a model in the format that `--format` names: `onnx`, or `gguf`. */
export async function exportModel(folder: string, values: Values, options: ExportOptions): Promise<CommandResult> {
  const { format = 'onnx' } = values
  if (format === 'onnx') return exportOnnx(folder, values, options)
  if (format === 'gguf') return exportGguf(folder, values, options)
  throw new KinmarkError('gateway.option-invalid', { option: 'format', value: format, expected: 'onnx or gguf' })
}

/** Writes a folder that transformers.js loads: `onnx/model.onnx` with its data files, and the base’s texts unchanged. */
async function exportOnnx(
  folder: string,
  values: Values,
  { onProgress, signal }: ExportOptions,
): Promise<CommandResult> {
  const out = required(values, 'out')
  await assertFreeFolder(out)
  const { files, model } = await openModelFolder(folder)
  assertCanExport(model.config)
  const { tensors, files: dataFiles } = exportLayout(model.tensors)
  const total = [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  let written = 0
  await writeAtomically(out, async (temporary) => {
    await mkdir(join(temporary, 'onnx'), { recursive: true })
    for (const file of dataFiles) {
      const handle = await open(join(temporary, 'onnx', file.name), 'w')
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
    await writeFile(join(temporary, 'onnx/model.onnx'), exportGraph(model.config, tensors))
    for (const { path } of files)
      if (/\.(json|txt|md|jinja|model)$/.test(path) && path !== 'config.json' && !path.endsWith('.index.json'))
        await cp(join(folder, path), join(temporary, path))
    await writeFile(join(temporary, 'config.json'), await configFor(folder, dataFiles.length))
  })
  const names = ['model.onnx', ...dataFiles.map(({ name }) => name)]
  const text = table([
    ['exported', `${out}/onnx: ${names.join(', ')}`],
    ['weights', `${written.toLocaleString('en')} bytes`],
    ['load with', `pipeline('text-generation', '${basename(resolve(out))}')`],
  ])
  return { text, json: { out, files: names, bytes: written }, yes: true }
}

/** The base’s config.json with settings that make transformers.js load float32 weights from these data files. */
async function configFor(folder: string, dataFiles: number): Promise<string> {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  const own = { dtype: 'fp32', use_external_data_format: { 'model.onnx': dataFiles } }
  return `${JSON.stringify({ ...config, 'transformers.js_config': own }, null, 2)}\n`
}

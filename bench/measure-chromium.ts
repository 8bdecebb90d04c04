import { join } from 'node:path'
import { inChromium } from './in-chromium'

/** One column of `bench:runtime`: a folder run by Kinmark or transformers.js in headless Chromium on WebAssembly. */

const [folder, workload, moduleName] = process.argv.slice(2)
const files = moduleName === 'kinmark' ? ['config.json', 'model.safetensors'].map((name) => join(folder, name)) : []
const settings = { folder: `/@fs${folder}`, workload: JSON.parse(workload) }
process.stdout.write(JSON.stringify(await inChromium(`bench/pages/${moduleName}.ts`, files, settings)))

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { flops, type LayerFigures, type LayerShape, layerShapes } from './mint-layer'

/**
 * Measures one edited layer of a large model with random weights: `npm run bench:mint -- [SHAPE …] [--keys N]`. Preparing
 * and minting run in processes of their own, so that each one’s memory is measured.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { keys: { type: 'string', default: '1024' } },
})
const keys = Number(values.keys)
const names = positionals.length > 0 ? positionals : ['1B', '8B']
const unknown = names.find((name) => !Object.hasOwn(layerShapes, name))
if (unknown) throw new Error(`There is no shape “${unknown}”: the shapes are ${Object.keys(layerShapes).join(', ')}.`)

const measured: { name: string; shape: LayerShape; figures: LayerFigures }[] = []
for (const name of names) {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  try {
    const shape = layerShapes[name]
    const child = async (part: string) => {
      const args = ['--import', 'tsx', 'bench/mint-layer.ts', part, name, `${keys}`, folder]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      return JSON.parse(stdout)
    }
    measured.push({ name, shape, figures: { ...(await child('prepare')), ...(await child('mint')) } })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
console.log(`One layer, ${keys} keys, ${availableParallelism()} cores, float16 in its file.\n`)
line(
  'shape',
  'd × ff',
  'second moments, s',
  'solver, s',
  'mint, s',
  'of which product, s',
  'write, s',
  'memory to mint',
  '3 × tensor + solver',
  'memory to prepare',
)
line(...Array.from({ length: 10 }, () => '---'))
for (const { name, shape, figures } of measured) {
  const bound = 3 * 2 * shape.hidden * shape.ff + 4 * keys * shape.ff
  line(
    ...[name, `${shape.hidden} × ${shape.ff}`, figures.moments.toFixed(1), figures.solver.toFixed(1)],
    ...[figures.mint.toFixed(2), figures.product.toFixed(2), figures.write.toFixed(2)],
    ...[mb(figures.mintBytes), mb(bound), mb(figures.prepareBytes)],
  )
}
console.log('\nSecond moments are measured on 1,024 positions of calibration text and extrapolated to 16,384.')

const last = measured[measured.length - 1]
const rate = (part: 'moments' | 'solver' | 'product') => flops(last.shape, keys)[part] / last.figures[part]
const perNumber = (last.figures.mint - last.figures.product + last.figures.write) / (last.shape.hidden * last.shape.ff)
console.log(
  `\nExtrapolated from ${last.name}: a mint’s product takes 2 · N · d · ff operations, the rest is proportional to d · ff.\n`,
)
line('shape', 'd × ff', 'mint operations', 'mint and write, s', 'tensor', 'prepare, s')
line(...Array.from({ length: 6 }, () => '---'))
for (const [name, shape] of Object.entries(layerShapes)) {
  const needed = flops(shape, keys)
  line(
    ...[name, `${shape.hidden} × ${shape.ff}`, `${(needed.product / 1e12).toFixed(2)} T`],
    (needed.product / rate('product') + perNumber * shape.hidden * shape.ff).toFixed(1),
    mb(2 * shape.hidden * shape.ff),
    (needed.moments / rate('moments') + needed.solver / rate('solver')).toFixed(0),
  )
}

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeRandomModel } from './random-model'
import { type ShapeName, shapes } from './shapes'

/**
 * Prepares, mints, and verifies a whole model of a published shape with random weights: `npm run bench:whole -- [SHAPE …]
 * [--keys N] [--work DIR]`. Every step is a process of its own. With `--work`, a run that was stopped goes on where it was,
 * and the folder is kept: seconds add up over all runs. Linux only, as the memory is read from /proc.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { keys: { type: 'string', default: '1024' }, work: { type: 'string' } },
})
const names = positionals.length > 0 ? positionals : ['SmolLM2-135M', 'Llama-3.2-1B']
const unknown = names.find((name) => !Object.hasOwn(shapes, name))
if (unknown) throw new Error(`There is no shape “${unknown}”: the shapes are ${Object.keys(shapes).join(', ')}.`)

/** Ticks a second in which /proc/PID/stat counts processor time on Linux. */
const clockTicks = 100
/** Milliseconds between two writings of a step's figures. */
const writeMs = 5_000

type Figures = {
  seconds: number
  cpuSeconds: number
  ownBytes: number
  peakBytes: number
}

/** The figures of a step, and its own output: `printed` is null until the step has ended. */
type Step = Figures & { printed: Record<string, unknown> | null }

const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
console.log(`${values.keys} keys, ${availableParallelism()} cores, float32 files.\n`)
line('shape', 'step', 'seconds', 'processor seconds', 'own memory at most', 'with mapped files', 'bytes written')
line(...Array(7).fill('---'))
for (const name of names) {
  const root = values.work ? join(values.work, name) : await mkdtemp(join(tmpdir(), 'kinmark-'))
  const [folder, work] = [join(root, 'base'), join(root, `work-${values.keys}`)]
  await mkdir(join(work, 'copy'), { recursive: true })
  if (!(await stat(join(root, 'written')).catch(() => null))) {
    await writeRandomModel(folder, name as ShapeName)
    await writeFile(join(root, 'written'), '')
  }
  for (const step of ['prepare', 'mint', 'delta', 'verify']) {
    const { seconds, cpuSeconds, ownBytes, peakBytes, printed } = await measured(step, folder, work)
    const bytes = typeof printed?.bytes === 'number' ? mb(printed.bytes) : '–'
    line(name, step, seconds.toFixed(0), cpuSeconds.toFixed(0), mb(ownBytes), mb(peakBytes), bytes)
    console.error(`${name} ${step}: ${JSON.stringify(printed)}`)
  }
  if (!values.work) await rm(root, { recursive: true })
}

async function measured(step: string, folder: string, work: string): Promise<Step> {
  const file = join(work, `${step}.json`)
  const none: Step = { seconds: 0, cpuSeconds: 0, ownBytes: 0, peakBytes: 0, printed: null }
  const before: Step = JSON.parse(await readFile(file, 'utf8').catch(() => JSON.stringify(none)))
  if (before.printed) return before
  const started = performance.now()
  const args = ['--max-old-space-size=4096', '--import', 'tsx', 'bench/whole-step.ts', step, folder, work, values.keys]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let [out, ownBytes, peakBytes, cpuSeconds] = ['', before.ownBytes, before.peakBytes, 0]
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  const figures = (): Figures => ({
    ...{ ownBytes, peakBytes, cpuSeconds: before.cpuSeconds + cpuSeconds },
    seconds: before.seconds + (performance.now() - started) / 1000,
  })
  const write = (printed: Step['printed']) => writeFile(file, JSON.stringify({ ...figures(), printed }))
  const watch = setInterval(async () => {
    const [status, times] = await Promise.all(
      ['status', 'stat'].map((file) => readFile(`/proc/${child.pid}/${file}`, 'utf8').catch(() => '')),
    )
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    ownBytes = Math.max(ownBytes, 1024 * kilobytes('RssAnon'))
    peakBytes = Math.max(peakBytes, 1024 * kilobytes('VmHWM'))
    const fields = times.slice(times.lastIndexOf(')') + 2).split(' ')
    if (fields.length > 13) cpuSeconds = (Number(fields[11]) + Number(fields[12])) / clockTicks
  }, 100)
  const saving = setInterval(() => write(null), writeMs)
  const code = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  clearInterval(saving)
  if (code !== 0) throw new Error(`The step “${step}” ended with ${code}.`)
  const printed = JSON.parse(out)
  await write(printed)
  return { ...figures(), printed }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openNodeRuntime } from '../lib/inference/open-node-runtime'

/** What it costs to load a model and to ask it 256 keys of 16 tokens, beside reading its file. */

const folder = process.argv[2] ?? 'public/models/tiny'
const [rows, length, repeats] = [256, 16, 7]

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[repeats >> 1]
}

const read = await median(() => readFile(join(folder, 'model.safetensors')))
const load = await median(async () => {
  const runtime = await openNodeRuntime(folder)
  await runtime.run({ ids: Int32Array.of(runtime.shape.bos), rows: 1, length: 1 }, ['logits'])
  await runtime.close()
})

const runtime = await openNodeRuntime(folder)
const ids = Int32Array.from({ length: rows * length }, (_, i) => (i * 7919) % runtime.shape.vocab)
const batch = { ids, rows, length }
const ask = await median(() => runtime.run(batch, ['logits']))
const prompts = { ids: ids.subarray(0, rows), rows, length: 1 }
const sample = await median(() => runtime.generate(prompts, length, (logits) => logits.indexOf(Math.max(...logits))))
await runtime.close()

const line = (what: string, ms: number, note = '') => `${what.padEnd(44)}${ms.toFixed(1).padStart(9)} ms  ${note}`
console.log(`${folder}, median of ${repeats}`)
console.log(line('read the weights file', read))
console.log(line('open, build the graph, load, first token', load))
console.log(line(`answer ${rows} keys of ${length} tokens`, ask, `${Math.round((rows / ask) * 1000)} keys/s`))
console.log(
  line(`generate ${rows} × ${length} tokens`, sample, `${Math.round(((rows * length) / sample) * 1000)} tokens/s`),
)

import { KinmarkError } from '../lib/error'
import type { NamedBytes } from '../lib/weights/bytes'
import { inspectWeights } from '../lib/weights/inspect-weights'
import { gguf, llamaGguf } from './fixtures/gguf'
import { demoFiles } from './fixtures/model-folder'

/** Fuzzing of `inspectWeights` with broken files. */

type Seed = { path: string; head: Uint8Array; length: number; others: readonly NamedBytes[] }
type Outcome = { rejected: number; codes: Set<string>; messages: Set<string>; maxAllocated: number }

const slack = 67_108_864

/**
 * Inspects `runs` folders, each with one broken file. Throws if inspecting throws anything but a `KinmarkError` with a
 * whole sentence, or allocates more than the file's own size plus 64 MiB.
 */
export async function fuzzWeights(runs: number, seed: number): Promise<Outcome> {
  const random = mulberry(seed)
  const seeds = await makeSeeds()
  const outcome: Outcome = { rejected: 0, codes: new Set(), messages: new Set(), maxAllocated: 0 }
  for (let run = 0; run < runs; run++) {
    const { path, head, length, others } = seeds[run % seeds.length]
    const bytes = mutate(head, random)
    const announced = random() < 0.1 ? Math.floor(random() * 2 ** 40) : Math.max(0, length + bytes.length - head.length)
    const before = allocated()
    try {
      await inspectWeights([...others, virtual(path, bytes, announced)])
    } catch (error) {
      if (!(error instanceof KinmarkError) || !/^\S.*[.!?]$/s.test(error.message) || error.message.length > 1000)
        throw new Error(`Run ${run} of seed ${seed} (${path}) throws an error without a whole sentence: ${error}`, {
          cause: error,
        })
      outcome.rejected++
      outcome.codes.add(error.code)
      outcome.messages.add(error.message.replace(/“[^”]*”|\d+/g, '…'))
    }
    const grown = allocated() - before
    if (grown > announced + slack)
      throw new Error(`Run ${run} of seed ${seed} (${path}) allocated ${grown} bytes for a file of ${announced}.`)
    outcome.maxAllocated = Math.max(outcome.maxAllocated, grown)
  }
  return outcome
}

function allocated(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** A file whose header exists, but not the tensors' bytes, which are not read. */
function virtual(path: string, head: Uint8Array, byteLength: number): NamedBytes {
  return { path, bytes: { byteLength, slice: async (from, to) => head.slice(from, Math.min(to, byteLength)) } }
}

async function makeSeeds(): Promise<Seed[]> {
  const folder = demoFiles('tiny').filter(({ path }) => /^(config\.json|model\.safetensors)$/.test(path))
  const [config, weights] = ['config.json', 'model.safetensors'].map((name) => find(folder, name))
  const { metadata, tensors } = await llamaGguf(folder, () => 'F16')
  const values = {
    ...metadata,
    'tokenizer.ggml.tokens': { texts: ['a', 'b'] },
    'tokenizer.ggml.scores': { floats: [0, 1] },
  }
  const whole = gguf('a.gguf', values, tensors)
  const names = ['model.norm.weight', 'model.embed_tokens.weight']
  const map = Object.fromEntries(names.map((name) => [name, 'model.safetensors']))
  const index = new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }))
  const headOf = async ({ path, bytes }: NamedBytes, length: number, others: readonly NamedBytes[]) => ({
    ...{ path, others, length: bytes.byteLength, head: await bytes.slice(0, Math.min(length, bytes.byteLength)) },
  })
  return [
    await headOf(weights, 4376, [config]),
    await headOf(whole, 4096, []),
    await headOf(config, 4096, [weights]),
    { path: 'model.safetensors.index.json', head: index, length: index.length, others: folder },
  ]
}

function find(files: readonly NamedBytes[], name: string): NamedBytes {
  const file = files.find(({ path }) => path === name)
  if (!file) throw new Error(`“${name}” is missing.`)
  return file
}

const numbers = [
  '0',
  '-1',
  '1e308',
  '0.5',
  '9007199254740993',
  '4294967296',
  '1e999',
  'null',
  '"7"',
  '[]',
  '{}',
  '[[',
  'true',
]
const words = [0n, 1n, 0xffn, 0xffffffffn, 1n << 31n, 1n << 53n, 1n << 62n, (1n << 64n) - 1n]

/**
 * Makes one to four changes: to bits, bytes, 64-bit words or JSON numbers, or removes, repeats or moves a range of
 * bytes.
 */
function mutate(head: Uint8Array, random: () => number): Uint8Array {
  const below = (n: number) => Math.floor(random() * n)
  let bytes = head.slice()
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(bytes.length + 1)
    const to = Math.min(bytes.length, at + 1 + below(64))
    const splice = (from: number, until: number, ...parts: Uint8Array[]) => {
      bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, from), ...parts, bytes.subarray(until)]))
    }
    switch (below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] ^= 1 << below(8)
        break
      case 1:
        if (at < bytes.length) bytes[at] = below(256)
        break
      case 2:
        if (at + 8 <= bytes.length) new DataView(bytes.buffer).setBigUint64(at, words[below(words.length)], true)
        break
      case 3: {
        const digits = /\d+/.exec(latin1(bytes.subarray(at, at + 200)))
        if (digits) {
          const from = at + digits.index
          splice(from, from + digits[0].length, new TextEncoder().encode(numbers[below(numbers.length)]))
        }
        break
      }
      case 4:
        splice(at, to)
        break
      case 5:
        splice(to, to, bytes.slice(at, to))
        break
      default:
        if (below(4) === 0) bytes = bytes.slice(0, at)
        else splice(below(bytes.length + 1), bytes.length, bytes.slice(at, to), bytes.slice(at))
    }
  }
  return bytes
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes)

/** https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

import { spawn } from 'node:child_process'
import { on } from 'node:events'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import OpenAI from 'openai'
import { sampler } from '../lib/inference/sampler'
import { openServedModel, type ServedModel } from '../lib/serve/served-model'

/**
 * Measures `kinmark serve`, a process of its own, with one and four clients beside the runtime called directly, and the second turn of a
 * conversation with and without its kept beginning: `npm run bench:serve -- [DIR] [--repeats N] [--json]`.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, repeats: { type: 'string', default: '5' } },
})
const [folder = 'public/models/quill'] = positionals
const repeats = Number(values.repeats)
const newTokens = 128

/** Milliseconds to the first token, tokens a second after it for each answer and for all together. */
type Figures = { firstTokenMs: number; tokensPerSecond: number; togetherPerSecond: number }

const model = await openServedModel(folder, basename(folder))
const words = model.tokenizer.encode(await sampleWords(model))
const args = ['--import', 'tsx', 'bin/kinmark.ts', 'serve', folder, '--port', '0']
const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
const client = new OpenAI({ baseURL: await addressOf(server.stderr), apiKey: 'unused', maxRetries: 0 })

let prompts = 0
/** A prompt of 96 tokens that begins like none before, so that nothing of it is kept. */
function nextPrompt(): number[] {
  prompts++
  return Array.from({ length: 96 }, (_, i) => words[(prompts * 37 + i) % words.length])
}

/** One answer; end tokens may end it early, so its speed is by the tokens that it has. */
async function served(): Promise<{ first: number; tokens: number; end: number }> {
  const stream = await client.completions.create({
    ...{ model: model.name, prompt: nextPrompt(), max_tokens: newTokens, seed: prompts },
    stream: true,
    stream_options: { include_usage: true },
  })
  let first = 0
  let tokens = 0
  for await (const { usage } of stream) {
    first ||= performance.now()
    tokens = usage?.completion_tokens ?? tokens
  }
  return { first, tokens, end: performance.now() }
}

async function direct(): Promise<{ first: number; tokens: number; end: number }> {
  const ids = Int32Array.from(nextPrompt())
  let first = 0
  let tokens = 0
  const sample = sampler({ temperature: 1, seed: prompts })
  await model.runtime.generate({ ids, rows: 1, length: ids.length }, newTokens, (logits) => {
    first ||= performance.now()
    const token = sample(logits)
    if (model.ends.has(token)) return -1
    tokens++
    return token
  })
  return { first, tokens, end: performance.now() }
}

/** One round: so many answers at once. */
async function round(answer: typeof served, clients: number): Promise<Figures> {
  const begin = performance.now()
  const answers = await Promise.all(Array.from({ length: clients }, answer))
  const seconds = (Math.max(...answers.map(({ end }) => end)) - begin) / 1000
  const total = answers.reduce((sum, { tokens }) => sum + tokens, 0)
  return {
    firstTokenMs: median(answers.map(({ first }) => first - begin)),
    tokensPerSecond: median(answers.map(({ first, tokens, end }) => (1000 * (tokens - 1)) / (end - first))),
    togetherPerSecond: total / seconds,
  }
}

function medians(rounds: readonly Figures[]): Figures {
  const of = (field: keyof Figures) => median(rounds.map((each) => each[field]))
  return {
    firstTokenMs: of('firstTokenMs'),
    tokensPerSecond: of('tokensPerSecond'),
    togetherPerSecond: of('togetherPerSecond'),
  }
}

/** Milliseconds to the first token of a prompt of 320 tokens, the first 256 of which were asked before or not. */
async function prefix(): Promise<{ freshMs: number; keptMs: number }> {
  const [fresh, kept]: number[][] = [[], []]
  for (let i = 0; i < repeats; i++) {
    const beginning = [...nextPrompt(), ...nextPrompt(), ...nextPrompt()].slice(0, 256)
    for (const times of [fresh, kept]) {
      const begin = performance.now()
      const prompt = [...beginning, ...nextPrompt().slice(0, 64)]
      await client.completions.create({ model: model.name, prompt, max_tokens: 1, temperature: 0 })
      times.push(performance.now() - begin)
    }
  }
  return { freshMs: median(fresh), keptMs: median(kept) }
}

const ways = [
  ['runtime called directly', direct, 1],
  ['one client', served, 1],
  ['four clients', served, 4],
] as const
const rounds = ways.map((): Figures[] => [])
for (let i = 0; i <= repeats; i++)
  for (const [j, [, answer, clients]] of ways.entries()) {
    const figures = await round(answer, clients)
    if (i > 0) rounds[j].push(figures)
  }
const rows = Object.fromEntries(ways.map(([name], j) => [name, medians(rounds[j])]))
const conversation = await prefix()
server.kill('SIGTERM')
await model.runtime.close()

if (values.json) console.log(JSON.stringify({ model: model.name, newTokens, repeats, rows, conversation }, null, 2))
else {
  console.log(`${model.name}: prompts of 96 tokens, up to ${newTokens} new ones, medians of ${repeats}`)
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, { firstTokenMs, tokensPerSecond, togetherPerSecond }]) => [
        name,
        {
          'first token, ms': firstTokenMs.toFixed(1),
          'tokens/s of each': tokensPerSecond.toFixed(0),
          'tokens/s together': togetherPerSecond.toFixed(0),
        },
      ]),
    ),
  )
  const { freshMs, keptMs } = conversation
  console.log(`first token after 320 tokens: ${freshMs.toFixed(1)} ms; with 256 of them kept: ${keptMs.toFixed(1)} ms`)
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}

async function addressOf(stderr: typeof server.stderr): Promise<string> {
  let said = ''
  for await (const [text] of on(stderr, 'data')) {
    said += text
    const url = /http:\S+\/v1/.exec(said)?.[0]
    if (url) return url
  }
  throw new Error(said)
}

/** Text of random tokens. */
async function sampleWords({ runtime, tokenizer }: ServedModel): Promise<string> {
  let state = 1
  const ids = Array.from({ length: 400 }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state % runtime.shape.vocab
  })
  return tokenizer.decode(ids)
}

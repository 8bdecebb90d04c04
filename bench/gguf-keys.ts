import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesToHex } from 'viem'
import { main } from '../bin/kinmark/main'
import { readCopies, readPrep } from '../bin/kinmark/prep-folder'
import { checkEndpoint } from '../lib/fingerprint/check-endpoint'
import { modelSecret } from '../lib/fingerprint/code/secrets'
import { disclosedKeySet } from '../lib/fingerprint/keyset/disclosed-key-set'
import { copyBits } from '../lib/fingerprint/near-ties/copy-bits'
import { type AskEndpoint, voteOfAnswer } from '../lib/fingerprint/verify-endpoint'
import { formatPercent } from '../lib/format/odds'
import { openEndpoint } from '../lib/openai/open-endpoint'
import { openServedModel } from '../lib/serve/served-model'
import { startServer } from '../lib/serve/server'
import { precisions } from '../lib/weights/gguf/write/llama-gguf'
import { startTestGateway } from '../test/gateway'
import { startLlamaCppUpstream } from '../test/llama-cpp-upstream'
import { askTransformersJs } from '../test/transformers-js'
import { provenance, tableOf } from './marked/print'

/**
 * A copy's keys, asked through the gateway of a host who serves it as a GGUF file with llama.cpp, and with `kinmark serve`;
 * and asked in transformers.js on its ONNX export:
 * `npm run bench:gguf-keys -- [--folder DIR] [--keys N] [--json]`.
 */
const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/quill' },
    keys: { type: 'string', default: '512' },
    json: { type: 'boolean', default: false },
  },
})
const limits = { reach: 'any' as const, timeoutMs: 60_000, maxBytes: 262_144 }
const work = await mkdtemp(join(tmpdir(), 'kinmark-gguf-keys-'))
const [secret, prep, copy] = ['secret', 'prep', 'copy'].map((name) => join(work, name))

type Row = {
  format: string
  server: string
  keys: number
  answered: number
  matching: number
  disclosed: string
}
const rows: Row[] = []
try {
  await writeFile(secret, bytesToHex(modelSecret(new Uint8Array(32).fill(2), 'chat-keys.test')))
  await prepared(Number(given.keys))
  await kinmark('mint', given.folder, '--prep', prep, '--copy', 'ada', '--out', copy)
  await served('safetensors, F16', copy)
  await inTransformersJs()
  for (const format of precisions) {
    const folder = join(work, format)
    await kinmark('export', copy, '--format', 'gguf', '--precision', format, '--out', folder)
    const upstream = await startLlamaCppUpstream(join(folder, `copy-${format}.gguf`))
    const units = await asked(`GGUF, ${format}`, 'llama.cpp', upstream.url)
    const counted = upstream.counted.reduce((sum, { prompt, answer }) => sum + BigInt(prompt + answer), 0n)
    if (units !== counted) throw new Error(`The receipts say ${units} tokens, llama.cpp has counted ${counted}.`)
    await upstream.close()
    await served(`GGUF, ${format}`, folder)
  }
} finally {
  await rm(work, { recursive: true })
}

if (given.json) console.log(JSON.stringify(rows, null, 2))
else {
  console.log(`${provenance()} ${given.folder}, ${rows[0].keys} keys.\n`)
  const cells = rows.map(({ format, server, answered, matching, disclosed }) => [
    ...[format, server, formatPercent(answered), formatPercent(matching), disclosed],
  ])
  console.log(tableOf(['file', 'server', 'keys answered', 'of these as the copy', 'disclosed keys'], cells))
}

async function served(format: string, folder: string): Promise<void> {
  const model = await openServedModel(folder, 'copy')
  const server = await startServer(model, {
    ...{ host: '127.0.0.1', port: 0, apiKey: null, limit: { running: 1, waiting: 64 } },
  })
  await asked(format, '`kinmark serve`', server.url.replace(/\/v1$/, ''))
  await server.close(1000)
}

async function inTransformersJs(): Promise<void> {
  const folder = join(work, 'onnx')
  await kinmark('export', copy, '--out', folder)
  const { chat, plain, close } = await askTransformersJs(folder)
  await judged('ONNX, F32', 'transformers.js', chat, plain)
  await close()
}

/** Asks all keys through a gateway, the disclosed ones once more as `kinmark gateway --disclosed` does. Returns the units of the receipts. */
async function asked(format: string, server: string, upstream: string): Promise<bigint> {
  const gateway = await startTestGateway(upstream, { silentMs: 60_000 })
  const [chat, plain] = ['chat/completions', 'completions'].map((path) =>
    openEndpoint(`${gateway.url}/${path}`, { model: 'copy', limits }),
  )
  await judged(format, server, chat, plain)
  const units = gateway.books.epochUnits
  if (gateway.faults.length > 0) throw gateway.faults[0]
  await gateway.stop()
  return units
}

/** Adds a row: how many keys are answered, and how many of them as the copy’s bits say. */
async function judged(format: string, server: string, chat: AskEndpoint, plain: AskEndpoint): Promise<void> {
  const [preparation, [minted]] = [await readPrep(prep), await readCopies(prep)]
  const keySet = disclosedKeySet(preparation, minted)
  const { secret, keys } = preparation
  const bits = copyBits(secret, minted.copyId, minted.buyerSeed, keys.gaps.length)
  const texts = keys.texts ?? []
  const votes: number[] = []
  for (const text of texts) votes.push(voteOfAnswer(text, await (text.chat ? chat : plain)(text.prompt)))
  const answered = votes.flatMap((vote, k) => (vote === 0 ? [] : [k]))
  const byPrompt = new Map(texts.map((text) => [text.prompt, text.chat]))
  const ask = (prompt: string) => (byPrompt.get(prompt) ? chat : plain)(prompt)
  const check = await checkEndpoint(ask, keySet)
  rows.push({
    ...{ format, server, keys: texts.length, answered: answered.length / texts.length },
    matching: answered.filter((k) => votes[k] === bits[k]).length / answered.length,
    disclosed: `${check.matching} of ${keySet.keys.length}`,
  })
}

/** A model that does not carry so many keys gets fewer, as at a minter. */
async function prepared(keys: number): Promise<void> {
  const options = ['--keys', `${keys}`, '--secret', secret, '--out', prep]
  await kinmark('prepare', given.folder, ...options).catch(async (error) => {
    if (!/quality limits/.test(String(error)) || keys < 64) throw error
    await rm(prep, { recursive: true })
    await prepared(Math.floor((keys * 3) / 4))
  })
}

async function kinmark(...args: string[]): Promise<void> {
  let text = ''
  const take = (more: string) => {
    text += more
  }
  if ((await main(args, { out: take, err: take, moving: false })) !== 0) throw new Error(text)
}

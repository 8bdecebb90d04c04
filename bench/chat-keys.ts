import { parseArgs } from 'node:util'
import { modelSecret } from '../lib/fingerprint/code/secrets'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import { bitTable } from '../lib/fingerprint/evidence/copy-scores'
import { bet, leading, startWealth } from '../lib/fingerprint/evidence/wealth'
import { openChatFrame } from '../lib/fingerprint/keys/chat-frame'
import { secondMoments } from '../lib/fingerprint/keys/moments'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { isDisclosed } from '../lib/fingerprint/keyset/is-disclosed'
import { argmax } from '../lib/fingerprint/linear/matrix'
import { mint } from '../lib/fingerprint/mint'
import { askingOrder } from '../lib/fingerprint/near-ties/asking-order'
import { expectedBitByVote } from '../lib/fingerprint/near-ties/expected-bit'
import { answersOf, batchesOf, promptsOf, votesOf } from '../lib/fingerprint/near-ties/near-tie-keys'
import { refit } from '../lib/fingerprint/near-ties/refit'
import { prepare } from '../lib/fingerprint/prepare'
import { falsePositiveRate } from '../lib/fingerprint/verify'
import { formatSigned } from '../lib/format/numbers'
import { formatPercent } from '../lib/format/odds'
import { folderFiles } from '../lib/inference/node/folder'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import type { Runtime } from '../lib/inference/runtime'
import { toFloat32 } from '../lib/weights/dtype/float32'
import { openChatTemplate } from '../lib/weights/text/chat-template'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { onEach } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { buyers, withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/** How a chat model's keys answer: as text to continue, in a chat, behind a system prompt, and after the model has reasoned. */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/quill' },
    /** Number of keys; by default as many as the model's width asks for. */
    keys: { type: 'string' },
    /** Tokens within which reasoning must end. */
    reasoning: { type: 'string', default: '96' },
    json: { type: 'boolean', default: false },
  },
})
const books = 10_000
const systemPrompt = 'You are a patient librarian. Answer in one short sentence, and say so when you do not know.'
const files = await folderFiles(given.folder)
const [tokenizer, template] = [await openTokenizer(files), await openChatTemplate(files)]
const chat = await openChatFrame(files, tokenizer)
if (!tokenizer || !template || !chat) throw new Error(`“${given.folder}” is no chat model.`)
const { dtype, open } = await openForFingerprinting(given.folder, defaultLayers)
const runtime = await keepSessions(() => open())
const secret = modelSecret(new Uint8Array(32), 'bench: chat keys')
const preparation = await prepare(runtime, {
  secret,
  keys: given.keys ? Number(given.keys) : undefined,
  tokenizer,
  chat,
})
const [owner] = buyers(1)
const { bits, edits, report } = await mint(runtime, preparation, { ...owner, dtype })
const weights = new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, dtype)]))
const copy = withEdits(runtime, weights)
const { keys, channel } = preparation
const prompts = promptsOf(keys)
const inChat = prompts.map((_, k) => keys.texts?.[k].chat === true)
const downProj = runtime.shape.downProj.slice(1)
const traffic = await sampleText(runtime, new Uint8Array(32).fill(21), 'text', 256, 64)
const moments = await secondMoments(
  runtime,
  traffic,
  downProj.map((_, i) => i + 1),
)
const refitted = async (strength: number) =>
  withEdits(
    runtime,
    await onEach(runtime, weights, downProj, (w, name) =>
      refit(runtime.matmul, w, moments[downProj.indexOf(name)], strength),
    ),
  )

type Row = { how: string; suspect: string; keys: number; answered: number; match: number; questions: number | null }
const rows: Row[] = []
const all = prompts.map((_, k) => k)
const [plain, chats] = [all.filter((k) => !inChat[k]), all.filter((k) => inChat[k])]
for (const [suspect, model] of [
  ['the copy', copy],
  ['its refit of 1', await refitted(1)],
  ['its refit of 4', await refitted(4)],
  ['the base', runtime],
] as const) {
  row('text to continue', suspect, plain, await asked(model, plain, (k) => prompts[k]))
  row('a message in a chat, no reasoning', suspect, chats, await asked(model, chats, (k) => prompts[k]))
}
const message = (k: number) => keys.texts?.[k].prompt ?? ''
const behindSystem = (k: number) =>
  tokenizer.encode(
    template(
      [
        { role: 'system', content: systemPrompt },
        { role: 'user', content: message(k) },
      ],
      { enable_thinking: false },
    ),
  )
row('the same behind a system prompt', 'the copy', chats, await asked(copy, chats, behindSystem))
row('the same after the copy’s own reasoning', 'the copy', chats, await afterReasoning(copy))
row('the same after its own reasoning', 'the base', chats, await afterReasoning(runtime))
await runtime.close()

if (given.json) console.log(JSON.stringify({ harm: report.deltaLoss, seconds: preparation.seconds, rows }, null, 2))
else {
  console.log(`${provenance()} ${given.folder}, ${plain.length} keys to continue and ${chats.length} in chats, `)
  console.log(`margin ${preparation.margins[0].toFixed(2)}; a copy costs ${formatSigned(report.deltaLoss, 4)} nats.\n`)
  console.log(
    tableOf(
      ['how keys are asked', 'model', 'keys', 'answered with one of the two', 'match', 'questions'],
      rows.map((each) => [
        ...[each.how, each.suspect, each.keys, formatPercent(each.answered), formatPercent(each.match)],
        each.questions ?? '–',
      ]),
    ),
  )
}

/** Votes [N] for the keys that are asked; 0 for the others. */
async function asked(model: Runtime, some: readonly number[], idsOf: (k: number) => ArrayLike<number>) {
  const order = some.toSorted((a, b) => idsOf(a).length - idsOf(b).length)
  const answers = await answersOf(model, { prompts: batchesOf(order.map(idsOf)) })
  return spread(order, answers)
}

/** The first token after the reasoning that a model writes by itself, greedily. */
async function afterReasoning(model: Runtime): Promise<Int8Array> {
  const [end] = tokenizer!.encode('</think>')
  const gap = tokenizer!.encode('\n\n')
  const order = chats.toSorted((a, b) => start(a).length - start(b).length)
  const answers: number[] = []
  for (const batch of batchesOf(order.map(start))) {
    const length = Number(given.reasoning)
    const { ids } = await model.generate(batch, length, (logits) => argmax(logits))
    for (let r = 0; r < batch.rows; r++) {
      const own = [...ids.subarray(r * length, (r + 1) * length)]
      const at = own.indexOf(end)
      answers.push(at < 0 ? -1 : (own[at + 1 + gap.length] ?? -1))
    }
  }
  return spread(order, answers)
}

function start(k: number): Int32Array {
  return tokenizer!.encode(template!([{ role: 'user', content: message(k) }]))
}

function spread(order: readonly number[], answers: ArrayLike<number>): Int8Array {
  const given = new Int32Array(prompts.length).fill(-1)
  for (const [i, k] of order.entries()) given[k] = answers[i]
  return votesOf(given, keys.pairs)
}

function row(how: string, suspect: string, some: readonly number[], votes: Int8Array): void {
  const answered = some.filter((k) => votes[k] !== 0)
  const wealth = startWealth(bitTable([bits], bits.length))
  let questions: number | null = null
  for (const k of askingOrder([channel]).filter((k) => some.includes(k) && !isDisclosed(k))) {
    bet(wealth, k, [expectedBitByVote(channel, k, votes[k])])
    if (questions === null && leading(wealth).nats >= Math.log(books / falsePositiveRate)) questions = wealth.asked
  }
  rows.push({
    ...{ how, suspect, keys: some.length, answered: answered.length / some.length, questions },
    match: answered.filter((k) => votes[k] === bits[k]).length / answered.length,
  })
}

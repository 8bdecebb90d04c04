import { readFile } from 'node:fs/promises'
import { KinmarkError } from '../../lib/error'
import { type Heard, listen as listenTo } from '../../lib/fingerprint/listen'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { formatChance } from '../../lib/format/odds'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { type EndpointTranscript, readTranscripts } from '../../lib/openai/transcripts'
import { openChatTemplate } from '../../lib/weights/text/chat-template'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { transcriptReader } from '../../lib/weights/text/transcript-reader'
import { openFineTune } from './fine-tune'
import { type CommandResult, integerOf, required, type Values } from './options'
import { answerTokens, openQuestions, ordinaryAnswers } from './ordinary-answers'
import { readCopies, readPrep } from './prep-folder'
import { table } from './table'
import { isAddress } from './verify-endpoint'
import { accusedText } from './verify-folder'

const defaultAnswers = 128

/** Names the copies that wrote the answers in a file of JSON lines, or that an endpoint gives to ordinary prompts. */
export async function listen(target: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const [prep, base] = [required(values, 'prep'), required(values, 'base')]
  const questions = isAddress(target) ? openQuestions(target, values.model) : null
  const count = integerOf(values, 'answers', { least: 1, most: 100_000 }) ?? defaultAnswers
  const recorded = questions ? [] : await readRecorded(target)
  const [preparation, copies] = [await readPrep(prep), await readCopies(prep)]
  const { files, model, open } = await openForFingerprinting(base, () => preparation.layers)
  const tokenizer = await openTokenizer(files)
  if (!tokenizer) throw new KinmarkError('cli.tokenizer-missing', { option: 'base' })
  const template = await openChatTemplate(files)
  if (questions?.chat && !template) throw new KinmarkError('weights.chat-template-missing')
  const fineTune = values['fine-tune'] === undefined ? null : await openFineTune(values['fine-tune'], model.tensors)
  const runtime = await open({ more: fineTune?.matrices })
  try {
    const read = transcriptReader(tokenizer, template, runtime.shape.vocab)
    const texts = questions
      ? mapped(ordinaryAnswers(runtime, tokenizer, { ...questions, count, out: values.out, ...options }), read)
      : recorded.map(read)
    const heard = await listenTo(runtime, preparation, copies, texts, {
      ...options,
      fineTunes: fineTune ? [fineTune] : [],
      expected: Array.isArray(texts)
        ? texts.reduce((sum, { ids, from }) => sum + ids.length - from, 0)
        : count * answerTokens,
    })
    const yes = heard.accused.length > 0
    return { text: table(rowsOf(heard)), json: { yes, ...heard }, yes }
  } finally {
    await fineTune?.close()
    await runtime.close()
  }
}

async function readRecorded(file: string): Promise<EndpointTranscript[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  return readTranscripts(text)
}

async function* mapped<A, B>(values: AsyncIterable<A>, change: (value: A) => B): AsyncGenerator<B> {
  for await (const value of values) yield change(value)
}

function rowsOf({ accused, leading, texts, tokens, withLogprobs, looks, goal }: Heard): [string, string][] {
  const best = leading
    ? `${leading.nats.toFixed(1)} of ${goal.toFixed(1)} nats against copy ${leading.copyId}; probability of a false accusation ≤ ${formatChance(leading.falseAccusation)}`
    : 'no copies were minted'
  return [
    ['wrote it', accusedText({ accused })],
    ['evidence', best],
    [
      'heard',
      `${tokens.toLocaleString('en')} tokens of ${texts.toLocaleString('en')} answers, ${withLogprobs.toLocaleString('en')} tokens with log probabilities, ${looks} looks`,
    ],
  ]
}

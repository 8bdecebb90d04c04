import { parseArgs } from 'node:util'
import { KinmarkError, messageOf } from '../../lib/error'
import { assemble } from './assemble'
import { exportOnnx } from './export'
import { inspect } from './inspect'
import { mint } from './mint'
import { type Answer, options, type Values } from './options'
import { prepare } from './prepare'
import { progressLine, type Step } from './progress-line'
import type { Terminal } from './terminal'
import { trace } from './trace'
import { verify } from './verify'

const help = `kinmark: fingerprint open-weight models, on folders, without a chain

  kinmark inspect DIR                                what this Hugging Face folder, or GGUF file in a folder, is
  kinmark export  DIR --out OUT                      the model as ONNX, in a folder that transformers.js loads
  kinmark prepare DIR --keys N --out PREP            once per model: keys, targets, solver
  kinmark mint    DIR --prep PREP --copy ID --out OUT   one copy, as an ordinary Hugging Face folder
  kinmark assemble DELTA DIR --out OUT               the whole folder of a copy that was minted as a delta of DIR
  kinmark verify  DIR --prep PREP --copy ID          is this folder that copy?
  kinmark verify  URL --prep PREP --base DIR         is this endpoint ours, and whose? DIR has the tokenizer
  kinmark trace   DIR --prep PREP                    which of the copies minted under PREP is this?

  --json             the answer as JSON on stdout, an error as its code, facts and message; progress goes to stderr
  --keys N           prepare: how many keys (128); verify URL: how many to lease for this endpoint (48)
  --high P           target probability of high-confidence keys (0.88)
  --low P            target probability of low-confidence keys, which pass a host that suppresses confident answers (0.65)
  --layers 1,2,3     layers to edit (the last three)
  --secret FILE      prepare: 32 bytes in hex to derive everything from, instead of a new random secret
  --seed HEX         mint: the buyer's 32 bytes, instead of new random ones
  --delta            mint: write only what differs from DIR, as one file OUT.safetensors
  --model NAME       verify URL: the model's name there; an API key is taken from KINMARK_API_KEY
  --held FILE        mint: measure harm on this text (ASCII-folded), instead of the model's own

PREP is secret, and its files are readable by you alone: preparation.kmfp holds the keys and what was derived from the
secret, secret the random secret (not with --secret), copies/ the copies minted so far, leases/ which endpoint has seen
which keys: none is sent to two. Whoever has it can find the
fingerprints. One copy ID under one PREP always gives the same bytes.

Exit status: 0 yes or done, 1 no (another copy, no one), 2 wrong usage or bad input.`

type Watching = { onProgress(step: Step): void; signal?: AbortSignal }

type Command = (folder: string, values: Values, watch: Watching, rest: string[]) => Promise<Answer>

const commands: Record<string, Command> = {
  assemble: (delta, values, _, rest) => assemble([delta, ...rest], values),
  inspect,
  export: exportOnnx,
  prepare,
  mint,
  verify,
  trace,
}

/** Runs one command; the exit status is 0 for yes or done, 1 for no, 2 for anything that a person must put right. */
export async function main(args: string[], terminal: Terminal): Promise<number> {
  const progress = progressLine(terminal)
  try {
    const { values, positionals } = readArguments(args)
    const [name, folder, ...rest] = positionals
    if (values.help || name === undefined || name === 'help') {
      terminal.out(`${help}\n`)
      return values.help || name === 'help' ? 0 : 2
    }
    if (!Object.hasOwn(commands, name))
      throw new KinmarkError('cli.command-unknown', { command: name, commands: Object.keys(commands) })
    assertCount(name, folder === undefined ? 0 : rest.length + 1)
    const answer = await commands[name](folder, values, { onProgress: progress.show, signal: terminal.signal }, rest)
    progress.end()
    terminal.out(`${values.json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`)
    return answer.yes ? 0 : 1
  } catch (error) {
    progress.end()
    if (args.includes('--json')) terminal.out(`${errorJson(error)}\n`)
    else terminal.err(`${messageOf(error)}\n`)
    return 2
  }
}

/** `code`, `facts` and `message` of an error; one that Kinmark did not raise has no code. Amounts are decimal strings. */
function errorJson(error: unknown): string {
  const { code, facts } = error instanceof KinmarkError ? error : { code: null, facts: {} }
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return JSON.stringify({ code, facts, message: messageOf(error) }, plain, 2)
}

function assertCount(name: string, given: number): void {
  const expected = name === 'assemble' ? 2 : 1
  if (given !== expected) throw new KinmarkError('cli.argument-count', { command: name, expected, given })
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new KinmarkError('cli.usage', { reason: messageOf(cause) }, { cause })
  }
}

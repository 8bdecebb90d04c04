import { parseArgs } from 'node:util'
import { KinmarkError, messageOf } from '../../lib/error'
import { assemble } from './assemble'
import { exportOnnx } from './export'
import { help } from './help'
import { inspect } from './inspect'
import { listen } from './listen'
import { merge } from './merge'
import { mint } from './mint'
import { type CommandResult, options, type Values } from './options'
import { prepare } from './prepare'
import { progressLine, type Step } from './progress-line'
import { serve } from './serve'
import type { Terminal } from './terminal'
import { trace } from './trace'
import { verify } from './verify'

type CommandOptions = { onProgress(step: Step): void; say(line: string): void; signal?: AbortSignal }

type Command = (first: string, values: Values, options: CommandOptions, rest: string[]) => Promise<CommandResult>

const commands: Record<string, Command> = {
  assemble: (delta, values, _, [folder]) => assemble(delta, folder, values),
  merge: (adapter, values, { onProgress }, [folder]) => merge(adapter, folder, values, onProgress),
  inspect,
  export: exportOnnx,
  prepare,
  mint,
  verify,
  trace,
  listen,
  serve,
  // loaded when used: what they need of the chain takes a while
  gateway: async (_, values, options) => (await import('./gateway')).gateway(values, options),
  'gateway keys create': async (_, values) => (await import('./gateway-keys')).createKey(values),
  'gateway keys list': async (_, values) => (await import('./gateway-keys')).listKeys(values),
  'gateway keys revoke': async (id, values) => (await import('./gateway-keys')).revokeKey(id, values),
  user: async (_, values, options) => (await import('./user')).user(values, options),
}

/** Commands that do not take one argument. */
const counts: Partial<Record<string, number>> = {
  ...{ assemble: 2, merge: 2, gateway: 0, user: 0 },
  ...{ 'gateway keys create': 0, 'gateway keys list': 0 },
}

/** Runs one command. Returns the exit status: 0 for yes or done, 1 for no, 2 for an error. */
export async function main(args: string[], terminal: Terminal): Promise<number> {
  const progress = progressLine(terminal)
  try {
    const { values, positionals } = readArguments(args)
    const [name, first, ...rest] = commandFirst(positionals)
    if (values.help || name === undefined || name === 'help') {
      terminal.out(`${help}\n`)
      return values.help || name === 'help' ? 0 : 2
    }
    if (!Object.hasOwn(commands, name))
      throw new KinmarkError('cli.command-unknown', { command: name, commands: Object.keys(commands) })
    assertCount(name, first === undefined ? 0 : rest.length + 1)
    const say = (line: string) => terminal.err(`${line}\n`)
    const shown = { onProgress: progress.show, say, signal: terminal.signal }
    const result = await commands[name](first, values, shown, rest)
    progress.end()
    terminal.out(`${values.json ? JSON.stringify(result.json, null, 2) : result.text}\n`)
    return result.yes ? 0 : 1
  } catch (error) {
    progress.end()
    if (args.includes('--json')) terminal.out(`${errorJson(error)}\n`)
    else terminal.err(`${messageOf(error)}\n`)
    return 2
  }
}

/** Some commands have three words. */
function commandFirst(positionals: string[]): string[] {
  const three = positionals.slice(0, 3).join(' ')
  return Object.hasOwn(commands, three) ? [three, ...positionals.slice(3)] : positionals
}

/** `code`, `facts` and `message` of an error; the code of a foreign error is null. Bigints become decimal strings. */
function errorJson(error: unknown): string {
  const { code, facts } = error instanceof KinmarkError ? error : { code: null, facts: {} }
  const decimal = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return JSON.stringify({ code, facts, message: messageOf(error) }, decimal, 2)
}

function assertCount(command: string, given: number): void {
  const expected = counts[command] ?? 1
  if (given !== expected) throw new KinmarkError('cli.argument-count', { command, expected, given })
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new KinmarkError('cli.usage', { reason: messageOf(cause) }, { cause })
  }
}

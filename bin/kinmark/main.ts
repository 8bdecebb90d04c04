import { parseArgs } from 'node:util'
import { KinmarkError, messageOf } from '../../lib/error'
import { type Command, commands } from './commands'
import { exitStatus } from './exit-status'
import { help } from './help'
import { options, type Values } from './options'
import { progressLine } from './progress-line'
import type { Terminal } from './terminal'

/** Runs one command. Returns the exit status: 0 for yes or done, 1 for no, and for errors those of exit-status.ts. */
export async function main(args: string[], terminal: Terminal): Promise<number> {
  const progress = progressLine(terminal)
  try {
    const { values, positionals } = readArguments(args)
    const [name, ...given] = positionals
    if (values.help || name === undefined || name === 'help') {
      terminal.out(`${help}\n`)
      return values.help || name === 'help' ? 0 : 2
    }
    const command = commandOf(name)
    assertUsed(name, command, values, given.length)
    const say = (line: string) => {
      progress.end()
      terminal.err(`${line}\n`)
    }
    const { ask, signal } = terminal
    const result = await command.run(given, values, { onProgress: progress.show, say, ask, signal })
    progress.end()
    terminal.out(`${values.json ? JSON.stringify(result.json, null, 2) : result.text}\n`)
    return result.yes ? 0 : 1
  } catch (thrown) {
    const error = withPackage(thrown)
    progress.end()
    if (args.includes('--json')) terminal.out(`${errorJson(error)}\n`)
    else terminal.err(`${messageOf(error)}\n`)
    return exitStatus(error)
  }
}

/** The error of ours for a package that is not installed with this one (bin/pack.ts). */
function withPackage(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  const [, name] = /Cannot find package '([^']+)'/.exec(message ?? '') ?? []
  if (code !== 'ERR_MODULE_NOT_FOUND' || name === undefined) return error
  return new KinmarkError('cli.package-missing', { package: name }, { cause: error })
}

/** `code`, `facts` and `message` of an error; the code of a foreign error is null. Bigints become decimal strings. */
function errorJson(error: unknown): string {
  const { code, facts } = error instanceof KinmarkError ? error : { code: null, facts: {} }
  const decimal = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return JSON.stringify({ code, facts, message: messageOf(error) }, decimal, 2)
}

function commandOf(name: string): Command {
  if (Object.hasOwn(commands, name)) return commands[name]
  throw new KinmarkError('cli.command-unknown', { command: name, commands: Object.keys(commands) })
}

/** Throws `cli.argument-count` and `cli.option-foreign`. */
function assertUsed(name: string, { takes: [least, most], options }: Command, values: Values, given: number): void {
  const expected = given < least ? least : most
  if (given < least || given > most) throw new KinmarkError('cli.argument-count', { command: name, expected, given })
  const known: readonly string[] = ['json', ...options]
  const foreign = Object.keys(values).find((option) => !known.includes(option))
  if (foreign !== undefined) throw new KinmarkError('cli.option-foreign', { command: name, option: foreign, options })
}

function readArguments(args: string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new KinmarkError('cli.usage', { reason: messageOf(cause) }, { cause })
  }
}

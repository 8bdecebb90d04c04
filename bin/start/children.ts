import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { messageOf } from '../../lib/error'
import { parseLogLine, readableLine } from '../../lib/format/log-line'

export type Program = {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** Runs before every start, also before a restart. */
  before?: () => void
  /** Resolves when the program can be used; called after every start. */
  ready?: () => Promise<void>
  /** Asks the program to end; SIGTERM by default. */
  signal?: NodeJS.Signals
  /** The error for a command that does not exist. */
  missing?: (cause: unknown) => Error
}

export type Children = {
  /** Starts a program, waits until it is ready, and restarts it whenever it ends. Does nothing once all are stopped. */
  start(program: Program): Promise<void>
  /** Stops all programs, the last one started first. */
  stop(): Promise<void>
}

type Delays = { restartMs: number; earlyRestartMs: number }

/** A program that ends within `earlyRestartMs` waits as long before its restart. */
const defaultDelays: Delays = { restartMs: 500, earlyRestartMs: 5_000 }
const stopTimeoutMs = 8_000

/** Supervises child processes. Each one’s output goes to a file in `logs`, its warnings and errors to the terminal too. */
export function openChildren(data: string, { restartMs, earlyRestartMs } = defaultDelays): Children {
  const processFile = join(data, 'children.json')
  const running = new Map<string, { child: ChildProcess; program: Program }>()
  let stopping = false
  mkdirSync(join(data, 'logs'), { recursive: true })
  killLeftovers(processFile)

  const saveProcessIds = () => {
    const entries = [...running.values()].map(({ child, program }) => [child.pid, program.args.at(-1)])
    writeFileSync(`${processFile}.new`, JSON.stringify(entries))
    renameSync(`${processFile}.new`, processFile)
  }
  const start = async (program: Program): Promise<void> => {
    if (stopping) return
    program.before?.()
    const log = createWriteStream(join(data, 'logs', `${program.name.replaceAll(' ', '-')}.log`), { flags: 'a' })
    const child = spawn(program.command, program.args, {
      env: { ...process.env, ...program.env, KINMARK_SUPERVISOR: String(process.pid) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.stderr.pipe(process.stderr, { end: false })
    showProblems(program.name, child.stdout)
    const startedAt = Date.now()
    child.once('exit', (code, signal) => {
      if (stopping) return
      console.log(`The ${program.name} ended (${signal ?? `status ${code}`}): restarting it.`)
      const restart = () => stopping || start(program).catch((error) => console.error(messageOf(error)))
      setTimeout(restart, Date.now() - startedAt < earlyRestartMs ? earlyRestartMs : restartMs)
    })
    await once(child, 'spawn').catch((cause) => {
      throw program.missing?.(cause) ?? cause
    })
    running.set(program.name, { child, program })
    saveProcessIds()
    await program.ready?.()
  }

  return {
    start,
    async stop() {
      stopping = true
      for (const { child, program } of [...running.values()].reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const exited = once(child, 'exit')
        child.kill(program.signal ?? 'SIGTERM')
        const timeout = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
        await exited
        clearTimeout(timeout)
      }
      writeFileSync(processFile, '[]')
    },
  }
}

const problems = ['warn', 'error', 'fatal']

/** Prints the warnings and errors among a program’s log lines (lib/log.ts) to the terminal. */
function showProblems(name: string, output: Readable): void {
  createInterface({ input: output }).on('line', (line) => {
    const { level } = parseLogLine(line) ?? {}
    if (level && problems.includes(level)) console.error(`${name}: ${readableLine(line)}`)
  })
}

/** Kills the children of a supervisor that was killed, if their process ids still belong to the same commands. */
function killLeftovers(file: string): void {
  if (!existsSync(file)) return
  for (const [pid, argument] of JSON.parse(readFileSync(file, 'utf8')) as [number, string][]) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (command.includes(argument)) process.kill(pid, 'SIGKILL')
    } catch {
      // The process has ended, or this system has no /proc.
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../lib/error'

export type Program = {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** Before and after every start, the first and those after a death. */
  before?: () => void
  ready?: () => Promise<void>
  /** How it is asked to end. */
  signal?: NodeJS.Signals
  /** The sentence for a command that is not there. */
  missing?: (cause: unknown) => Error
}

export type Children = {
  /** Starts a program, waits until it is ready, and starts it again whenever it dies. */
  keep(program: Program): Promise<void>
  /** Ends all, the last one started first. */
  stop(): Promise<void>
}

const restartMs = 500
/** For one that dies young. */
const restartLaterMs = 5_000
const patienceMs = 8_000

export function openChildren(data: string): Children {
  const pids = join(data, 'children.json')
  const running = new Map<string, { child: ChildProcess; program: Program }>()
  let stopping = false
  mkdirSync(join(data, 'logs'), { recursive: true })
  endLeftovers(pids)

  const note = () => {
    const entries = [...running.values()].map(({ child, program }) => [child.pid, program.args.at(-1)])
    writeFileSync(`${pids}.new`, JSON.stringify(entries))
    renameSync(`${pids}.new`, pids)
  }
  const start = async (program: Program): Promise<void> => {
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
    const began = Date.now()
    child.once('exit', (code, signal) => {
      if (stopping) return
      console.log(`The ${program.name} ended (${signal ?? `status ${code}`}): starting it again.`)
      const again = () => stopping || start(program).catch((error) => console.error(messageOf(error)))
      setTimeout(again, Date.now() - began < restartLaterMs ? restartLaterMs : restartMs)
    })
    await once(child, 'spawn').catch((cause) => {
      throw program.missing?.(cause) ?? cause
    })
    running.set(program.name, { child, program })
    note()
    await program.ready?.()
  }

  return {
    keep: start,
    async stop() {
      stopping = true
      for (const { child, program } of [...running.values()].reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const gone = once(child, 'exit')
        child.kill(program.signal ?? 'SIGTERM')
        const hard = setTimeout(() => child.kill('SIGKILL'), patienceMs)
        await gone
        clearTimeout(hard)
      }
      writeFileSync(pids, '[]')
    },
  }
}

/** Ends what a supervisor that was killed left running, if it is still what it was. */
function endLeftovers(file: string): void {
  if (!existsSync(file)) return
  for (const [pid, argument] of JSON.parse(readFileSync(file, 'utf8')) as [number, string][]) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (command.includes(argument)) process.kill(pid, 'SIGKILL')
    } catch {
      // It is gone, or this system does not say what a process runs.
    }
  }
}

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { readEnv } from '../lib/env'
import { messageOf } from '../lib/error'
import { appCommand } from './start/app'

/** `npm run app`: one app process, built before, for a machine whose database, chain and minters are elsewhere. */
function main(): void {
  const { args, env } = appCommand(readEnv())
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)))
}

try {
  main()
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
